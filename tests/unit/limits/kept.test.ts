import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { KeptFile, type Kept } from '#limits/kept.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'kept-')) })
afterEach(() => rmSync(folder, { recursive: true }))

const file = (): KeptFile => new KeptFile(join(folder, 'limits.json'))
const kept = new Map<string, Kept>([['a'.repeat(64), {
  service: 'api', before: { memoryBytes: 'max', memoryAndSwapBytes: 'max', cpus: 0.5, pids: 128 }
}]])

test('what was kept is read by the next one', () => {
  file().write(kept)
  expect(file().read()).toEqual(kept)
})

test('nothing kept is no file', () => {
  expect(file().read().size).toBe(0)
  file().write(kept)
  file().write(new Map())
  expect(readdirSync(folder)).toEqual([])
})

test.each(['', '{"a', '[]', '{"x": {}}', `{"${'a'.repeat(64)}": {"service": "api", "before": {"cpus": 1}}}`])(
  'a file that says %j is no reason to forget what was changed: it is an error with its path', text => {
    writeFileSync(join(folder, 'limits.json'), text)
    expect(() => file().read()).toThrow(join(folder, 'limits.json'))
  })
