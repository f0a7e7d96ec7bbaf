import { expect, test } from '@jest/globals'
import { untilAnswers } from '#scripts/local-stores/server-process.ts'

const refused = { what: 'Redis on port 7001', ask: () => Promise.reject(new Error('refused')), timeoutMs: 0 }

test('a server that ended without an answer is reported with its last output', async () => {
  const server = { hasEnded: true, lastOutput: 'out of memory' }
  await expect(untilAnswers(refused, server)).rejects.toThrow('Redis on port 7001 ended before it answered (Error: refused). Its last output:\nout of memory')
})

test('a server that answers at the second attempt is accepted', async () => {
  const answers = [() => Promise.reject(new Error('refused')), () => Promise.resolve()]
  await untilAnswers(
    { ...refused, ask: () => answers.shift()!(), timeoutMs: 5000 },
    { hasEnded: false, lastOutput: '' }
  )
  expect(answers).toEqual([])
})
