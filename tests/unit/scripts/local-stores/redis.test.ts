import path from 'node:path'
import { expect, test } from '@jest/globals'
import { programInPath, redisConf } from '#scripts/local-stores/redis.ts'

const options = { dir: '/var/my data', port: 7001, password: 'secret' }

test('programInPath of a program in the second folder gives its path', () => {
  const folder = path.dirname(process.execPath)
  expect(programInPath(path.basename(process.execPath), `/nowhere:${folder}`)).toBe(process.execPath)
})

test.each([
  ['a program that does not exist', 'no-such-program'],
  ['a file that is not a program', 'passwd']
])('programInPath of %s is null', (_case, name) => {
  expect(programInPath(name, '/etc')).toBeNull()
})

test('redisConf of a durable store keeps a log of its writes and stays on 127.0.0.1', () => {
  const lines = redisConf({ ...options, durable: true }).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'appendonly yes',
      'bind 127.0.0.1',
      'port 7001',
      'dir "/var/my data"',
      'requirepass "secret"'
    ])
  )
})

test('redisConf of a throwaway store writes nothing', () => {
  expect(redisConf({ ...options, durable: false }).split('\n')).toEqual(
    expect.arrayContaining(['appendonly no', 'save ""'])
  )
})

test.each([
  ['words', 'correct horse', '"correct horse"'],
  ['quotes and backslashes', 'a"b\'c\\', '"a\\x22b\'c\\x5c"'],
  ['a tab and a line end', '\t\n', '"\\x09\\x0a"'],
  ['letters beyond ASCII', 'ä', '"\\xc3\\xa4"']
])('case 19: redisConf with %s in password and directory makes one word of each', (_case, text, word) => {
  const lines = redisConf({ ...options, dir: text, password: text, durable: true }).split('\n')
  expect(lines).toEqual(expect.arrayContaining([`requirepass ${word}`, `dir ${word}`]))
})
