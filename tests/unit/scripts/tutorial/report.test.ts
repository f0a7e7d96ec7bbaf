import { expect, test } from '@jest/globals'
import { report, sum } from '#scripts/tutorial/report.ts'

const problem = {
  path: 'tutorial/06-x.md', line: 41, message: 'the output differs', details: ['expected 1', 'got      2']
}
const skip = { path: 'tutorial/12-x.md', line: 1, what: '12. By hand', reason: 'it needs root' }

test('a report names what was skipped, what is wrong and where, and ends with the sums', () => {
  expect(report(sum([{ passed: 3, problems: [problem], skipped: [] }, { passed: 4, problems: [], skipped: [skip] }])))
    .toBe(`skipped tutorial/12-x.md:1: 12. By hand (it needs root)
tutorial/06-x.md:41: the output differs
    expected 1
    got      2
7 passed, 1 failed, 1 skipped
`)
})
