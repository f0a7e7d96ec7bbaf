import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readComposeFile } from '#scripts/start/compose-file.ts'
import { nodeService, type Surroundings } from '#scripts/start/definitions.ts'

const surroundings: Surroundings = {
  specs: readComposeFile(readFileSync('compose.yaml', 'utf8'), ['api', 'worker', 'lab'], {}),
  ports: { api: 1, worker: 2, lab: 3, postgres: 4, redis: 5 },
  data: {
    directory: '',
    postgres: '',
    redis: '',
    scratch: '',
    hostTree: '',
    whoami: '',
    logs: '',
    secrets: { postgres: '', redis: '' },
    state: '',
    limitsSocket: ''
  },
  postgresAccount: null,
  redisServer: '',
  searchPath: '/bin',
  machineSettings: { OWN_CGROUP: 'none' },
  labSettings: {}
}

test.each(['api', 'worker', 'lab'] as const)('the %s is started with the flags that its image starts it with', service => {
  const [, command] = /^CMD (\[.*\])$/m.exec(readFileSync(`Dockerfile.${service}`, 'utf8'))!
  const flags = (JSON.parse(command!) as string[]).slice(1, -1)
  expect(nodeService(service, surroundings).command).toEqual([process.execPath, ...flags, `dist/${service}/main.js`])
})

test.each(['api', 'worker', 'lab'] as const)('the %s gets the setting that it has no cgroup of its own, or it would report the machine\'s numbers as its own', service => {
  expect(nodeService(service, surroundings).env).toMatchObject({ OWN_CGROUP: 'none' })
})
