import { expect, test } from '@jest/globals'
import { renewed, withRenewals } from '#scripts/tutorial/write.ts'

test.each([
  ['what varies by kind', 'id 0123456789ab, exit 3', 'id fedcba987654, exit 3', false, 'id fedcba987654, exit 3'],
  ['numbers, where they vary', 'used 12.3 MiB of 256 MiB', 'used 7 GiB of 256 MiB', true, 'used 7 GiB of 256 MiB'],
  ['spaces, so that columns stay columns', 'a  12 b', 'a   7 b', true, 'a   7 b'],
  ['nothing of …', 'took … for 3\n…\nlast 1', 'took long for 4\nx\ny\nlast 2', true, 'took … for 4\n…\nlast 2'],
  ['all, where the output does not match', 'one\n…', 'another\ntwo\n', false, 'another\ntwo'],
  ['all, where nothing was shown', '', 'one\n', false, 'one'],
  ['all, where nothing comes', 'one', '', false, '']
])('a renewed output has %s', (_what, expected, actual, vary, text) => {
  expect(renewed(expected, actual, vary)).toBe(text)
})

const file = `before
\`\`\`text
one
two
\`\`\`
   \`\`\`text
   three
   \`\`\`
\`\`\`text
\`\`\`
after
`

test('renewals are put where the old texts were, indented as they were', () => {
  const renewals = [
    { path: 'x.md', line: 3, count: 2, indent: '', text: '1' },
    { path: 'x.md', line: 7, count: 1, indent: '   ', text: '3\n\n4' },
    { path: 'x.md', line: 10, count: 0, indent: '', text: '5' }
  ]
  expect(withRenewals(file, renewals)).toBe(`before
\`\`\`text
1
\`\`\`
   \`\`\`text
   3

   4
   \`\`\`
\`\`\`text
5
\`\`\`
after
`)
})

test('an output that holds a fence is refused, because it would end its block', () => {
  const renewal = { path: 'x.md', line: 3, count: 2, indent: '', text: 'a\n```\n' }
  expect(() => withRenewals(file, [renewal])).toThrow('holds a fence')
})
