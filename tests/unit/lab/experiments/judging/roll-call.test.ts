import { describe, expect, test } from '@jest/globals'
import { allAgree, allDiffer, type Reply } from '#lab/experiments/judging/roll-call.ts'

const replies = (answers: Record<string, string | null>): Reply[] =>
  Object.entries(answers).map(([service, value]) => ({ service, value }))

describe('that all differ', () => {
  test.each<[string, Record<string, string | null>, boolean | null, string]>([
    ['holds for different answers, and lists them', { api: '1', worker: '2' }, true, 'api 1, worker 2'],
    ['does not hold for two that are the same, and says whose', { api: '1', lab: '2', worker: '1' }, false, 'api and worker have the same: 1'],
    ['does not hold for two that are the same, also where a third is silent', { api: '1', worker: '1', redis: null }, false, 'api and worker have the same: 1'],
    ['is open where one is silent', { api: '1', redis: null }, null, 'api 1, redis unknown'],
    ['is open where all are silent: saying nothing is not saying the same', { postgres: null, redis: null }, null, 'postgres unknown, redis unknown']
  ])('%s', (_case, answers, holds, saw) => {
    expect(allDiffer('each has its own', '/proc', replies(answers))).toEqual({
      claim: 'each has its own',
      source: '/proc',
      holds,
      saw
    })
  })
})

describe('that all agree', () => {
  test.each<[string, Record<string, string | null>, boolean | null, string]>([
    ['holds for one answer', { api: '6.1', worker: '6.1' }, true, '6.1 in all 2'],
    ['does not hold for two answers', { api: '6.1', worker: '6.2', redis: null }, false, 'api 6.1, worker 6.2, redis unknown'],
    ['is open where one is silent', { api: '6.1', redis: null }, null, '6.1; unknown: redis'],
    ['is open where all are silent', { redis: null }, null, 'no reply; unknown: redis']
  ])('%s', (_case, answers, holds, saw) => {
    expect(allAgree('one for all', 'uname(2)', replies(answers))).toEqual({
      claim: 'one for all',
      source: 'uname(2)',
      holds,
      saw
    })
  })
})
