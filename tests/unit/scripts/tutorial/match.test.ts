import { describe, expect, test } from '@jest/globals'
import { match } from '#scripts/tutorial/match.ts'

const ID = '0123456789ab'.repeat(5) + 'cdef'
const fits = (expected: string, actual: string, vary = false): boolean => match(expected, actual, vary).matches

describe('without attributes', () => {
  test.each([
    ['the same text', 'oom_kill 1\nok', 'oom_kill 1\nok'],
    ['other runs of spaces', 'NAME  STATE', 'NAME\t      STATE'],
    ['spaces at the end, and empty lines around', 'one', '\none  \n\n'],
    ['an id of 12 digits', 'id 0123456789ab.', 'id 999999999999.'],
    ['an id of 64 digits', `docker-${ID}.scope`, `docker-${'a'.repeat(64)}.scope`],
    ['a UUID', '/jobs/0190a5f0-7c1e-7000-8000-00000000000a', '/jobs/11111111-2222-3333-4444-555555555555'],
    ['a time', '"at":"2025-01-01T00:00:00.123Z"', '"at":"2026-12-31T23:59:59+01:00"'],
    ['… in a line', 'took … ms', 'took 12.5 ms'],
    ['… at the end of a line', 'memory-limit: …', 'memory-limit: The worker may use 256 MiB.'],
    ['a line of … for several lines', 'one\n…\nfour', 'one\ntwo\nthree\nfour'],
    ['a line of … for no line', 'one\n…\ntwo', 'one\ntwo'],
    ['an indented line of …', 'one\n  …', 'one\n  two\n  three'],
    ['… before a line that comes twice', '…\nlast', 'last\nfirst\nlast'],
    ['characters that mean something in a pattern', 'a.b (c) [d] {e} $f ^g *h +i ?j |k \\l /m -n', 'a.b (c) [d] {e} $f ^g *h +i ?j |k \\l /m -n'],
    ['no output', '', '\n']
  ])('%s matches', (_what, expected, actual) => {
    expect(fits(expected, actual)).toBe(true)
  })

  test.each([
    ['another digit', 'oom_kill 1', 'oom_kill 2'],
    ['a number of twelve digits', '268435456000', '268435456001'],
    ['a missing line', 'one\ntwo', 'one'],
    ['a further line', 'one', 'one\ntwo'],
    ['another order', 'one\ntwo', 'two\none'],
    ['no space where there was one', 'a b', 'ab'],
    ['another character where a pattern has a dot', 'a.b', 'axb'],
    ['a line that does not come after …', '…\nfour', 'one\ntwo'],
    ['an output where none is shown', '', 'something'],
    ['a text that only begins so', 'one', 'one and more']
  ])('%s does not match', (_what, expected, actual) => {
    expect(fits(expected, actual)).toBe(false)
  })
})

describe('with numbers that vary', () => {
  test.each([
    ['12.3 MiB of 256 MiB', '7 GiB of 256 MiB'],
    ['12 %', '7.5%'],
    ['+1', '-12'],
    ['1,234 requests', '7 requests'],
    ['limits-lab-worker-1', 'limits-lab-worker-2'],
    ['took 1m30s', 'took 2h5m'],
    ['0x7ffe', '0xabcd12'],
    ['12:34:56', '1:02:03'],
    ['1.5e-7', '3'],
    ['30735 node', '   4428 node'],
    ['  4428 node', '30735 node']
  ])('%s matches %s', (expected, actual) => {
    expect([fits(expected, actual, true), fits(expected, actual)]).toEqual([true, false])
  })

  test.each([
    ['cgroup v2', 'cgroup v1'],
    ['p99 7', 'p50 7'],
    ['7 periods', '7 seconds'],
    ['oom 1', 'oom none']
  ])('%s does not match %s', (expected, actual) => {
    expect(fits(expected, actual, true)).toBe(false)
  })
})

test.each([
  ['the line that is another', 'one\ntwo\nthree', 'one\n2\nthree', { expectedIndex: 1, actualIndex: 1 }],
  ['the end of the output', 'one\ntwo', 'one', { expectedIndex: 1, actualIndex: null }],
  ['the end of what is expected', 'one', 'one\ntwo', { expectedIndex: null, actualIndex: 1 }],
  ['what does not come after …', 'one\n…\nfour', 'one\ntwo\nthree', { expectedIndex: 2, actualIndex: 1 }]
])('a difference names %s', (_what, expected, actual, difference) => {
  expect(match(expected, actual, false)).toEqual({ matches: false, difference })
})

test('many lines of … do not take long', () => {
  const expected = Array.from({ length: 30 }, (_, i) => `…\nline ${i}`).join('\n') + '\n…\nnever'
  const actual = Array.from({ length: 2000 }, (_, i) => `line ${i % 31}`).join('\n')
  expect(fits(expected, actual)).toBe(false)
})
