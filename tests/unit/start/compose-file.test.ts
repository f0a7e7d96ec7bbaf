import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { bytes, interpolate, readComposeFile } from '../../../scripts/start/compose-file.ts'

const services = ['api', 'worker', 'postgres', 'redis', 'lab']
const ofProject = (variables: Record<string, string> = {}) => readComposeFile(readFileSync('compose.yaml', 'utf8'), services, variables)

describe('the project\'s compose.yaml', () => {
  test('gives every service the limits of the design', () => {
    const limits = Object.fromEntries(Object.entries(ofProject()).map(([service, spec]) => [service, spec.limits]))
    const usual = { cpus: 0.5, memoryBytes: 268_435_456, pids: 128 }
    expect(limits).toEqual({ api: usual, worker: usual, postgres: usual, redis: { cpus: 0.25, memoryBytes: 134_217_728, pids: 64 }, lab: { ...usual, cpus: 1 } })
  })

  test('gives others where .env says so', () => {
    expect(ofProject({ WORKER_MEMORY: '4g', WORKER_CPUS: '2', WORKER_PIDS: '512' }).worker?.limits).toEqual({ cpus: 2, memoryBytes: 4 * 2 ** 30, pids: 512 })
  })

  test('gives no limit where .env says 0, as Compose does', () => {
    expect(ofProject({ WORKER_CPUS: '0' }).worker?.limits.cpus).toBeNull()
  })

  test('gives services their settings', () => {
    expect(ofProject({ COMPOSE_PROJECT_NAME: 'mine', LOG_LEVEL: 'debug' }).api?.environment).toMatchObject({ PROJECT: 'mine', LOG_LEVEL: 'debug', WORK_ENDPOINTS: 'on' })
  })
})

test.each([
  ['${A:-b}', {}, 'b'], ['${A:-b}', { A: '' }, 'b'], ['${A:-b}', { A: 'c' }, 'c'], ['${A}', {}, ''], ['x ${A} ${B:-} y', { A: '1' }, 'x 1  y'], // eslint-disable-line no-template-curly-in-string
  ['plain', {}, 'plain']
])('%s with %j is %j', (text, variables, filled) => {
  expect(interpolate(text, variables)).toBe(filled)
})

test.each([['256M', 268_435_456], ['4g', 4 * 2 ** 30], ['512k', 524_288], ['1048576', 1_048_576], ['1.5g', 1.5 * 2 ** 30], ['64mb', 64 * 2 ** 20], ['10b', 10]])('%s are %i bytes', (text, value) => {
  expect(bytes(text)).toBe(value)
})

test.each(['', 'many', '10 apples', '-1'])('%j are no bytes', text => {
  expect(() => bytes(text)).toThrow('expected bytes such as 256M')
})

test('a service that is not in the file is named', () => {
  expect(() => readComposeFile('services: {}', ['api'], {})).toThrow('compose.yaml has no service api')
})
