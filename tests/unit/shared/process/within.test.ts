import { expect, test } from '@jest/globals'
import { within } from '#shared/process/within.ts'

test('an answer in time is passed on', async () => {
  expect(await within(1000, Promise.resolve('yes'))).toBe('yes')
})

test('a refusal in time is passed on', async () => {
  await expect(within(1000, Promise.reject(new Error('no')))).rejects.toThrow('no')
})

test('an answer that does not come is an error with the time that was given', async () => {
  await expect(within(5, new Promise(() => {}))).rejects.toThrow('no answer within 5 ms')
})
