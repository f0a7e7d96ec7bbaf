import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Markers } from '#shared/work/markers.ts'

const id = '019ab000-0000-4000-8000-000000000001'
const idOf = (n: number) => `${id.slice(0, -1)}${n}`
let directory: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'limits-lab-markers-')) })
afterEach(() => rmSync(directory, { recursive: true }))

test('a marker that was put is found where it was written, and gone once it is removed', () => {
  const markers = new Markers([directory])
  const path = join(directory, `limits-lab-marker-${id}`)
  expect(markers.find(id)).toEqual([])
  expect(markers.put(id)).toEqual([{ path, error: null }])
  expect(readFileSync(path, 'utf8')).toMatch(/limits-lab/)
  expect(markers.find(id)).toEqual([path])
  expect(markers.remove(id)).toEqual([path])
  expect(markers.find(id)).toEqual([])
  expect(markers.remove(id)).toEqual([])
})

test('a marker that cannot be written says so with the kernel\'s word, beside the place where it could', () => {
  // Not even root can write below a file.
  const markers = new Markers([directory, '/dev/null'])
  expect(markers.put(id)!.map(({ error }) => error)).toEqual([null, 'ENOTDIR'])
  expect(markers.find(id)).toHaveLength(1)
})

test('a ninth marker is refused until one is removed; one that is there can be put again', () => {
  const markers = new Markers([directory])
  for (let n = 1; n <= 8; n++) expect(markers.put(idOf(n))).not.toBeNull()
  expect(markers.put(idOf(9))).toBeNull()
  expect(markers.put(idOf(8))).not.toBeNull()
  markers.remove(idOf(1))
  expect(markers.put(idOf(9))).not.toBeNull()
  expect(readdirSync(directory)).toHaveLength(8)
})
