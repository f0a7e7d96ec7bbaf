import { expect, test } from '@jest/globals'
import { createKept } from '#lab/web/learn/kept.ts'
import { noProgress } from '#lab/web/learn/progress.ts'

function storageOf (kept: Record<string, string> = {}) {
  return {
    kept,
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => { kept[key] = value }
  }
}
const decline = (progress: typeof noProgress) => ({ ...progress, isDeclined: true })

test('what was changed is there when the page is opened again', () => {
  const storage = storageOf()
  createKept(() => storage).change(decline)
  expect(createKept(() => storage).read()).toEqual({ ...noProgress, isDeclined: true })
})

test('what another window has written meanwhile is not lost', () => {
  const storage = storageOf()
  const one = createKept(() => storage)
  const other = createKept(() => storage)
  one.change(decline)
  other.change(progress => ({ ...progress, place: { chapter: 'a', heading: null, abovePx: 0 } }))
  expect(one.read()).toEqual({ ...noProgress, isDeclined: true, place: { chapter: 'a', heading: null, abovePx: 0 } })
})

const refuse = () => { throw new Error('blocked') }

test.each([
  ['is blocked', refuse],
  ['is full', () => ({ getItem: () => null, setItem: refuse })]
])('where the storage %s, a change lasts as long as the page', (_what, storage) => {
  const kept = createKept(storage)
  kept.change(decline)
  expect(kept.read().isDeclined).toBe(true)
})

test('a change that changes nothing is not written', () => {
  const storage = storageOf()
  createKept(() => storage).change(progress => progress)
  expect(storage.kept).toEqual({})
})
