import { expect, test } from '@jest/globals'
import {
  isTourOffered, noProgress, progressIn, stateOf, withChapter, withRan, withShown
} from '#lab/web/learn/progress.ts'

const chapter = { slug: '06-a', experiments: ['memory-limit', 'memory-limit', 'cpu-limit'] }
const opened = withChapter(noProgress, '06-a', {})

test('a chapter is begun when it is opened, and another one is not', () => {
  expect(stateOf(noProgress, chapter)).toBe('not_begun')
  expect(stateOf(opened, chapter)).toBe('begun')
  expect(stateOf(opened, { ...chapter, slug: '07-b' })).toBe('not_begun')
})

test('a chapter is done when its end was reached and each of its experiments was run', () => {
  const read = withChapter(opened, '06-a', { hasReachedEnd: true })
  const ran = withRan(withRan(read, '06-a', 'memory-limit'), '06-a', 'cpu-limit')
  expect(stateOf(read, chapter)).toBe('begun')
  expect(stateOf(withRan(read, '06-a', 'memory-limit'), chapter)).toBe('begun')
  expect(stateOf(ran, chapter)).toBe('done')
  expect(stateOf(read, { ...chapter, experiments: [] })).toBe('done')
})

test('what the reader ticks or unticks decides', () => {
  expect(stateOf(withChapter(opened, '06-a', { isTicked: true }), chapter)).toBe('done')
  const done = withChapter(opened, '06-a', { hasReachedEnd: true, isTicked: false })
  expect(stateOf(done, { ...chapter, experiments: [] })).toBe('begun')
})

test('an experiment that was run before changes nothing', () => {
  const ran = withRan(opened, '06-a', 'cpu-limit')
  expect(withRan(ran, '06-a', 'cpu-limit')).toBe(ran)
})

test('a place in the text shows its latest run, until it is free again', () => {
  const shown = withShown(withShown(opened, '06-a', '0', 'one'), '06-a', '1', 'two')
  expect(shown.chapters['06-a']!.shown).toEqual({ 0: 'one', 1: 'two' })
  expect(withShown(shown, '06-a', '0', null).chapters['06-a']!.shown).toEqual({ 1: 'two' })
})

test('the tour is offered until it is declined or a chapter is opened', () => {
  expect(isTourOffered(noProgress)).toBe(true)
  expect(isTourOffered({ ...noProgress, isDeclined: true })).toBe(false)
  expect(isTourOffered(opened)).toBe(false)
})

test('what was kept is read as it was', () => {
  const place = { chapter: '06-a', heading: null, abovePx: -12 }
  const progress = { ...withShown(withRan(opened, '06-a', 'x'), '06-a', '0', 'y'), place }
  expect(progressIn(JSON.stringify(progress))).toEqual(progress)
})

const unreadable = [null, '', '{', '[]', '"x"', '{"chapters":[],"place":7}', '{"place":{"chapter":1}}']

test.each(unreadable)('%j counts as nothing kept', text => {
  expect(progressIn(text)).toEqual(noProgress)
})

test('of what was kept in another form, the parts that can be read are', () => {
  expect(progressIn('{"isDeclined":true,"place":{"chapter":"a","abovePx":"x"},"chapters":{"a":{"ran":["b",1],"shown":{"0":1},"isTicked":"yes"},"c":7}}')).toEqual({
    isDeclined: true,
    place: { chapter: 'a', heading: null, abovePx: 0 },
    chapters: {
      a: { hasReachedEnd: false, ran: ['b'], shown: {}, isTicked: null },
      c: { hasReachedEnd: false, ran: [], shown: {}, isTicked: null }
    }
  })
})
