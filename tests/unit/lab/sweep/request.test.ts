import { describe, expect, test } from '@jest/globals'
import { attachedSweepRequest, sweepRequest } from '#lab/sweep/request.ts'
import { goal, requestSpec } from '../support/trials.ts'

describe('the body of a sweep', () => {
  test('has a goal and a margin if none are given', () => {
    expect(sweepRequest.parse({ path: '/work/cpu?ms=5', ratePerSecond: 40 })).toEqual(requestSpec)
  })

  test('may give a part of the goal', () => {
    expect(sweepRequest.parse({ path: '/', ratePerSecond: 1, goal: { p99Ms: 100 } }).goal)
      .toEqual({ ...goal, p99Ms: 100 })
  })

  test('with a job is about the worker', () => {
    const job = { kind: 'memory', params: { mib: 64 } }
    expect(sweepRequest.parse({ job, ratePerSecond: 2 }))
      .toMatchObject({ service: 'worker', work: { kind: 'jobs', job } })
  })

  test('with a body posts it', () => {
    expect(sweepRequest.parse({ path: '/jobs', body: { kind: 'noop' }, ratePerSecond: 2 }).work)
      .toEqual({ kind: 'requests', method: 'POST', path: '/jobs', body: { kind: 'noop' } })
  })

  test('beside another project is about a service that was found there, and its port', () => {
    const schema = attachedSweepRequest(() => ['web'])
    expect(schema.parse({ service: 'web', port: 8000, path: '/', ratePerSecond: 20 })).toMatchObject({
      service: 'web', port: 8000, work: { kind: 'requests', method: 'GET', path: '/' }, marginShare: 0.2
    })
    const faults = [{ service: 'db', port: 1 }, { service: 'web' }, { service: 'web', port: 1, job: { kind: 'noop' } }]
      .map(given => schema.safeParse({ path: '/', ratePerSecond: 20, ...given }).error!.issues[0]!)
    expect(faults.map(({ path, code }) => path[0] ?? code)).toEqual(['service', 'port', 'unrecognized_keys'])
  })

  test.each([
    [{ ratePerSecond: 40 }, 'path'],
    [{ ratePerSecond: 40, path: '/', job: { kind: 'noop' } }, 'path'],
    [{ ratePerSecond: 40, path: 'http://example.org/' }, 'path'],
    [{ ratePerSecond: 40, path: '/', service: 'postgres' }, 'service'],
    [{ ratePerSecond: 40, job: { kind: 'noop' }, service: 'api' }, 'service'],
    [{ ratePerSecond: 40, job: { kind: 'mine' } }, 'job'],
    [{ ratePerSecond: 40, job: { kind: 'noop' }, method: 'GET' }, 'job'],
    [{ ratePerSecond: 40, path: '/', method: 'GET', body: {} }, 'body'],
    [{ ratePerSecond: 0, path: '/' }, 'ratePerSecond'],
    [{ ratePerSecond: 40, path: '/', goal: { p99Ms: 0 } }, 'goal'],
    [{ ratePerSecond: 40, path: '/', marginShare: 3 }, 'marginShare'],
    [{ ratePerSecond: 40, path: '/', only: 'pids' }, 'only'],
    [{ path: '/' }, 'ratePerSecond']
  ])('%j is refused, and the fault is at %s', (body, at) => {
    expect(sweepRequest.safeParse(body).error?.issues[0]?.path[0]).toBe(at)
  })
})
