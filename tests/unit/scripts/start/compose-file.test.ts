import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { nameIn, readComposeFile } from '#scripts/start/compose-file.ts'

const services = ['api', 'worker', 'postgres', 'redis', 'lab']
const ofProject = (variables: Record<string, string> = {}) =>
  readComposeFile(readFileSync('compose.yaml', 'utf8'), services, variables)

describe('the project\'s compose.yaml', () => {
  test('gives every service the limits of the design', () => {
    const limits = Object.fromEntries(Object.entries(ofProject()).map(([service, spec]) => [service, spec.limits]))
    const usual = { cpus: 0.5, memoryBytes: 268_435_456, pids: 128 }
    expect(limits).toEqual({
      api: usual,
      worker: usual,
      postgres: usual,
      redis: { cpus: 0.25, memoryBytes: 134_217_728, pids: 64 },
      lab: { ...usual, cpus: 1 }
    })
  })

  test('gives other limits if .env says so', () => {
    expect(ofProject({ WORKER_MEMORY: '4g', WORKER_CPUS: '2', WORKER_PIDS: '512' }).worker?.limits).toEqual({
      cpus: 2,
      memoryBytes: 4 * 2 ** 30,
      pids: 512
    })
  })

  test('gives no limit if .env says 0, as Compose does', () => {
    expect(ofProject({ WORKER_CPUS: '0' }).worker?.limits.cpus).toBeNull()
  })

  test('gives services their settings', () => {
    expect(ofProject({ COMPOSE_PROJECT_NAME: 'mine', LOG_LEVEL: 'debug' }).api?.environment).toMatchObject({ PROJECT: 'mine', LOG_LEVEL: 'debug', WORK_ENDPOINTS: 'on' })
  })
})

test('the project has the name in compose.yaml', () => {
  expect(nameIn(readFileSync('compose.yaml', 'utf8'))).toBe('limits-lab')
})

test('case 16: impossible limits are refused together, each with the variable that sets it', () => {
  const read = () => ofProject({ WORKER_CPUS: '0.001', WORKER_PIDS: '99999999', API_MEMORY: '1m' })
  expect(read).toThrow('API_MEMORY must be a size of at least 6m')
  expect(read).toThrow('WORKER_CPUS must be a number of CPUs of at least 0.01 (1 ms of every 100 ms), or 0 for no limit, got "0.001"')
  expect(read).toThrow('WORKER_PIDS must be a whole number of at most 4194304 tasks, or -1 for no limit, got "99999999"')
})

test('a limit without a variable is named by its service', () => {
  const text = 'services: { api: { deploy: { resources: { limits: { cpus: "many" } } } } }'
  expect(() => readComposeFile(text, ['api'], {})).toThrow('the limit cpus of api must be')
})

test('a service says how each of its limits was set', () => {
  expect(ofProject({ WORKER_CPUS: '2' }).worker?.settings).toEqual({
    cpus: 'WORKER_CPUS=2',
    memoryBytes: 'WORKER_MEMORY=256M',
    pids: 'WORKER_PIDS=128'
  })
})

test('a service that is not in the file is named', () => {
  expect(() => readComposeFile('services: {}', ['api'], {})).toThrow('compose.yaml has no service api')
})
