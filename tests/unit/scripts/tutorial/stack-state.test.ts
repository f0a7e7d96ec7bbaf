import { expect, test } from '@jest/globals'
import { changesOf } from '#scripts/tutorial/changes.ts'
import { environment } from '#scripts/tutorial/stack.ts'
import { describeContainer } from '#scripts/tutorial/stack-state.ts'

const inspected = {
  Config: { Labels: { 'com.docker.compose.service': 'worker', 'com.docker.compose.container-number': '1' } },
  State: { Status: 'running' },
  HostConfig: { Memory: 268435456, MemorySwap: 268435456, NanoCpus: 500000000, PidsLimit: 128 }
}

test('a container is its service, whether it runs, and its limits', () => {
  expect(describeContainer(inspected))
    .toBe('container worker-1: running, memory 268435456, with swap 268435456, CPUs 0.5, pids 128')
})

test.each([
  ['its memory', { ...inspected, HostConfig: { ...inspected.HostConfig, Memory: 1 } }],
  ['its CPUs', { ...inspected, HostConfig: { ...inspected.HostConfig, NanoCpus: 1 } }],
  ['its pids', { ...inspected, HostConfig: { ...inspected.HostConfig, PidsLimit: null } }],
  ['whether it runs', { ...inspected, State: { Status: 'exited' } }]
])('%s is a change of a container', (_what, after) => {
  expect(changesOf([describeContainer(inspected)], [describeContainer(after)])).toEqual([
    `before: ${describeContainer(inspected)}`,
    `after:  ${describeContainer(after)}`
  ])
})

test('what is there before and after is no change', () => {
  expect(changesOf(['a', 'b'], ['b', 'a'])).toEqual([])
})

test('a terminal has nothing of the caller\'s own settings', () => {
  const names = { project: 'tutorial-1', apiPort: 1, labPort: 2, tag: 'dev-1', directory: '/x' }
  const own = { PATH: '/bin', HOME: '/h', WORKER_MEMORY: '4g', COMPOSE_FILE: 'x', TAG: 'mine' }
  expect(environment(names, own)).toEqual({
    PATH: '/bin',
    HOME: '/h',
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    COMPOSE_PROJECT_NAME: 'tutorial-1',
    API_PORT: '1',
    LAB_PORT: '2',
    TAG: 'dev-1'
  })
})
