import { expect, test } from '@jest/globals'
import { refusalWords } from '#lab/web/requests.ts'

test.each([
  [{ detail: 'expected a number', faults: [{ at: 'params.ms', detail: 'from 1 to 60000' }] }, 'expected a number (params.ms: from 1 to 60000)'],
  [{ title: 'Too Many Requests' }, 'Too Many Requests'],
  [null, 'the answer was 503']
])('a refusal with the body %j reads %p', (body, words) => {
  expect(refusalWords(503, body)).toBe(words)
})
