import { expect, test } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import type { EffectiveLimits } from '#cgroup/reading.ts'
import { WatchedContainer } from '#lab/observing/containers/watched.ts'
import { History } from '#lab/observing/sampling/history.ts'
import { historyRoutes } from '#lab/routes/history.ts'
import type { History as Answer } from '#lab/wire/live.ts'
import { fullReading } from '#support/readings.ts'
import { FakeCgroup, foundOf, halfACpu, momentAt } from '../support/fakes.ts'

const NOON_MS = Date.parse('2026-01-10T12:00:00.000Z')

/** Four entries, a second apart; the newest is of half a second ago, when the host's clock says that it is noon. */
async function ask (query = '', containers: WatchedContainer[] = []): Promise<Answer> {
  const history = new History(10)
  for (const [i, at] of [95, 96, 97, 98].entries()) history.begin(at, i + 1)
  const now = () => ({ atMs: NOON_MS, monotonicMs: 98_500 })
  const app = express().use(historyRoutes({ observer: { history, containers }, keepSeconds: 900, hz: 4, now }))
  return (await request(app).get(`/history${query}`)).body
}

test('case 11: the entries of a history are dated by how long ago they were, whatever the host\'s clock said then', async () => {
  const { at, newest } = await ask()
  expect(at.map(seconds => seconds - NOON_MS / 1000)).toEqual([-3.5, -2.5, -1.5, -0.5])
  expect(newest).toEqual({ seq: 4, at: '2026-01-10T11:59:59.500Z', uptimeSeconds: 98 })
})

test('limits are dated in the same way, each from when on it was in force', async () => {
  const cgroup = new FakeCgroup(fullReading())
  const watched = new WatchedContainer(foundOf(), cgroup, momentAt(0))
  const lowered: EffectiveLimits = { ...halfACpu, cpuCores: { cores: 0.25, from: 'own' } }
  watched.look(momentAt(95_500), 'core')
  cgroup.effective = lowered
  cgroup.now = fullReading({ limits: { cpuMax: { quotaUs: 25_000, periodUs: 100_000 } } })
  watched.look(momentAt(97_500), 'core')
  const { containers } = await ask('', [watched])
  expect(containers[0]!.effective).toEqual(lowered)
  expect(containers[0]!.limitSteps).toEqual([
    { at: NOON_MS / 1000 - 3, effective: halfACpu },
    { at: NOON_MS / 1000 - 1, effective: lowered }
  ])
})

test('case 11: the last seconds are the last ones that went by', async () => {
  expect((await ask('?seconds=2')).at).toHaveLength(2)
})
