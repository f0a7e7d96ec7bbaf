import { tmpdir } from 'node:os'
import { expect, test } from '@jest/globals'
import { freeShmBytes, missing, readSettings } from '#scripts/start/settings.ts'

test('case 02: with an empty project name the one in compose.yaml is used', () => {
  expect(readSettings({ COMPOSE_PROJECT_NAME: '' }, 'limits-lab').project).toBe('limits-lab')
})

test.each(['..', '.', '/', 'a/b', 'Abc', 'a b', '_a', '-a', 'ä', 'a\n'])('case 02: %j, which Compose refuses, is refused as a project name', name => {
  expect(() => readSettings({ COMPOSE_PROJECT_NAME: name }, 'limits-lab')).toThrow('COMPOSE_PROJECT_NAME must consist of lower-case letters, digits, - and _')
})

test.each(['9a', 'a_b-c', 'limits-lab-2'])('%s, which Compose accepts, is accepted as a project name', name => {
  expect(readSettings({ COMPOSE_PROJECT_NAME: name }, 'limits-lab').project).toBe(name)
})

test('without settings the ports are those of compose.yaml, even if they are set to nothing', () => {
  expect(readSettings({ API_PORT: '' }, 'limits-lab')).toEqual({
    project: 'limits-lab',
    dataDir: '.data',
    ports: { api: 3000, lab: 8080 }
  })
})

test.each([['3000-3010'], ['0'], ['65536'], ['http']])('case 16: %s is not one port', port => {
  expect(() => readSettings({ API_PORT: port }, 'limits-lab')).toThrow(`API_PORT must be a whole number from 1 to 65535, got "${port}"`)
})

test('the same port for both is refused before either is started', () => {
  expect(() => readSettings({ API_PORT: '8080' }, 'limits-lab')).toThrow('API_PORT and LAB_PORT must differ, both are 8080')
})

test('plain processes never have a network and an image of their own', () => {
  expect(missing({ limits: true, namespaces: true, shmBytes: 1e9 })).toBe('network image')
})

test('what is missing on this machine is named too, a /dev/shm of 64 MiB included', () => {
  expect(missing({ limits: false, namespaces: false, shmBytes: 64 * 1024 * 1024 })).toBe(
    'limits namespaces shm network image'
  )
})

test('a /dev/shm that does not exist has no room', () => {
  expect(freeShmBytes('/nowhere')).toBe(0)
  expect(freeShmBytes(tmpdir())).toBeGreaterThan(0)
})
