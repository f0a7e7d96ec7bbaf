import { expect, test } from '@jest/globals'
import { readSettings } from '#scripts/start/settings.ts'

test('case 02: a project name that is empty is the one in compose.yaml', () => {
  expect(readSettings({ COMPOSE_PROJECT_NAME: '' }, 'limits-lab').project).toBe('limits-lab')
})

test.each(['..', '.', '/', 'a/b', 'Abc', 'a b', '_a', '-a', 'ä', 'a\n'])('case 02: %j, which Compose refuses, is no project name', name => {
  expect(() => readSettings({ COMPOSE_PROJECT_NAME: name }, 'limits-lab')).toThrow('COMPOSE_PROJECT_NAME must consist of lower-case letters, digits, - and _')
})

test.each(['9a', 'a_b-c', 'limits-lab-2'])('%s, which Compose takes, is a project name', name => {
  expect(readSettings({ COMPOSE_PROJECT_NAME: name }, 'limits-lab').project).toBe(name)
})

test('without settings the ports are those of compose.yaml, also where they are set and empty', () => {
  expect(readSettings({ API_PORT: '' }, 'limits-lab')).toEqual({ project: 'limits-lab', dataDir: '.data', ports: { api: 3000, lab: 8080 } })
})

test.each([['3000-3010'], ['0'], ['65536'], ['http']])('case 16: %s is not one port', port => {
  expect(() => readSettings({ API_PORT: port }, 'limits-lab')).toThrow(`API_PORT must be a whole number from 1 to 65535, got "${port}"`)
})

test('one port for both is refused before either is started', () => {
  expect(() => readSettings({ API_PORT: '8080' }, 'limits-lab')).toThrow('API_PORT and LAB_PORT must differ, both are 8080')
})
