import type { SweepResult } from '#lab/wire/sweep.ts'

export const MIB = 2 ** 20

export const result: SweepResult = {
  outcome: 'recommended',
  summary: 'It is enough.',
  knees: { cpus: { passed: 0.295, failed: 0.27 }, memoryBytes: { passed: 86 * MIB, failed: null } },
  recommended: { cpus: 0.36, memoryBytes: 104 * MIB, pids: 21 },
  compose: 'services:\n',
  kubernetes: 'resources:\n',
  givesWayFirst: null,
  notes: []
}
