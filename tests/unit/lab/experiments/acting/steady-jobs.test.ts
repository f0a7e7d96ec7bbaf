import { expect, test } from '@jest/globals'
import { SteadyJobs } from '#lab/experiments/acting/steady-jobs.ts'
import { until } from '#support/until.ts'

test('jobs are offered until it is stopped; those that were accepted have an id, the others are counted', async () => {
  let offers = 0
  const answers = [async () => 'a', async () => null, async () => { throw new Error('cancelled') }]
  const jobs = new SteadyJobs({ offer: () => answers[offers++ % 3]!() }, 500)
  await until(() => offers >= 9, { what: 'nine offers' })
  await jobs.stop()
  const before = offers
  expect([jobs.ids.length + jobs.notAccepted, new Set(jobs.ids)]).toEqual([before, new Set(['a'])])
  expect(jobs.notAccepted / jobs.ids.length).toBeGreaterThan(1)
})

test('an API that does not answer is not offered more and more jobs, and stopping waits for the answers', async () => {
  const answers: Array<(id: string) => void> = []
  let offers = 0
  const jobs = new SteadyJobs({ offer: () => { offers++; return new Promise(resolve => answers.push(resolve)) } }, 1000)
  await until(() => offers === 8, { what: 'as many as there may be at once' })
  let isStopped = false
  const stopped = jobs.stop().then(() => { isStopped = true })
  expect(isStopped).toBe(false)
  answers.forEach((answer, i) => answer(`job-${i}`))
  await stopped
  expect([offers, jobs.ids.length]).toEqual([8, 8])
})
