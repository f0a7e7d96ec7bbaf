import { expect, test } from '@jest/globals'
import { whoami } from '#shared/process/whoami.ts'

test('whoami says what this process is and believes, without undefined or absurd numbers', () => {
  const me = whoami()
  expect(me.pid).toBe(process.pid)
  expect(me.namespaces.pid).toMatch(/^pid:\[\d+\]$/)
  expect(Object.keys(me.namespaces)).toHaveLength(8)
  expect(JSON.parse(JSON.stringify(me))).toEqual(me)
  const { constrainedMemoryBytes } = me.believes
  expect(
    constrainedMemoryBytes === null || constrainedMemoryBytes === 'max' || Number.isSafeInteger(constrainedMemoryBytes)
  ).toBe(true)
})
