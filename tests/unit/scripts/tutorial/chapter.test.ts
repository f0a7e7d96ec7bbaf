import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { readChapter, withPatience } from '#scripts/tutorial/chapter.ts'

const fence = '```'
const read = (text: string) => readChapter('x.md', text)
const problemsOf = (text: string) => read(text).problems.map(({ line, message }) => `${line}: ${message}`)

describe('a chapter', () => {
  const path = 'tests/fixtures/tutorial/01-a-shell.md'
  const { chapter, problems } = readChapter(path, readFileSync(path, 'utf8'))

  test('has what it says about itself, and its parts in their order', () => {
    expect(problems).toEqual([])
    expect(chapter).toMatchObject({ title: '1. A shell that stays', meta: { minutes: 10, needs: [], line: 1 } })
    expect(chapter.headings.join('; '))
      .toBe('Predict; Try it; What the kernel counted; Break it, and put it back; Elsewhere; Sources')
    expect(chapter.parts.map(({ kind }) => kind).join(' '))
      .toBe('step setup step claim step claim step claim step interrupt step step step step step after')
  })

  test('has the lines of commands and outputs, and those in a list without their indentation', () => {
    const inList = chapter.parts[2]!
    expect(inList).toMatchObject({
      line: 33,
      commands: expect.stringMatching(/^count=/),
      expected: [{ line: 36, text: expect.stringMatching(/^count is 2\nfed/), indent: '   ' }]
    })
  })
})

test('a step has its attributes', () => {
  const { parts } = read(`${fence}bash {exit=nonzero within=2m, terminal=watch wait cgroup=v2 skip="a } reason"}\nx\n${fence}\n`).chapter
  expect(parts).toEqual([{
    kind: 'step',
    line: 2,
    commands: 'x',
    exit: 'nonzero',
    withinSeconds: 120,
    again: null,
    terminal: 'watch',
    waits: true,
    interrupts: false,
    cgroup: 'v2',
    skip: 'a } reason',
    expected: []
  }])
})

test('a step without attributes has to end with 0 within a minute', () => {
  const { parts } = read(`${fence}bash\nx\n${fence}\n`).chapter
  expect(parts).toMatchObject([{ exit: null, withinSeconds: 60, terminal: null, skip: null }])
})

test('a step has an output for each version of cgroups', () => {
  const text = `${fence}bash\nx\n${fence}\n${fence}text {cgroup=v1}\none\n${fence}\n${fence}text {cgroup=v2 vary=numbers}\ntwo\n${fence}\n`
  expect(read(text).chapter.parts).toMatchObject([{
    expected: [{ cgroup: 'v1', varyNumbers: false }, { cgroup: 'v2', varyNumbers: true }]
  }])
})

test('claims have a sentence and commands, also right after other HTML', () => {
  const { parts } = read('<details><summary>The answer</summary>\n\nYes.\n\n</details>\n<!-- claim {within=90s}: It holds.\ntrue\ntrue\n-->\n').chapter
  const claim = { kind: 'claim', line: 6, sentence: 'It holds.', commands: 'true\ntrue' }
  expect(parts).toEqual([{ ...claim, withinSeconds: 90, cgroup: null }])
})

test('a text with skip is the output of no step', () => {
  const text = `${fence}bash\nx\n${fence}\n${fence}text {skip="once"}\none\n${fence}\n`
  expect(read(text)).toMatchObject({ problems: [], chapter: { parts: [{ expected: [] }] } })
})

test('parts of the page are no parts of the run', () => {
  const text = '<!-- card: worker -->\n\n<!-- chart: worker memory -->\n\n<!-- note: a remark -->\n'
  expect(read(text)).toMatchObject({ problems: [], chapter: { parts: [] } })
})

test.each([
  ['a block without a language', `${fence}\nx\n${fence}`, '1: a block without a language'],
  ['commands in another language', `a\n\n${fence}sh\nx\n${fence}`, '3: commands are "bash", not sh'],
  ['an unknown attribute', `${fence}bash {exti=1}\nx\n${fence}`, '1: unknown attribute "exti"'],
  ['an unreadable attribute', `${fence}bash {=1}\nx\n${fence}`, '1: cannot read "=1"'],
  ['an unreadable time', `${fence}bash {within=soon}\nx\n${fence}`, '1: within: expected a time like 90s or 2m, got "soon"'],
  ['an unreadable status', `${fence}bash {exit=bad}\nx\n${fence}`, '1: exit: expected a number, nonzero or any, got "bad"'],
  ['again without a text', `${fence}bash {again}\nx\n${fence}`, '1: again needs the text after which a step is run again'],
  ['again in another terminal', `${fence}bash {again=x terminal=watch}\nx\n${fence}`, '1: what runs in another terminal is run once'],
  ['an unknown version', `${fence}bash {cgroup=v3}\nx\n${fence}`, '1: cgroup: expected v1 or v2, got "v3"'],
  ['a skip without a reason', `${fence}bash {skip=""}\nx\n${fence}`, '1: skip needs a reason'],
  ['a wait without a terminal', `${fence}bash {wait}\nx\n${fence}`, '1: wait and interrupt need a terminal'],
  ['a step without commands', `${fence}bash\n${fence}`, '1: a block without commands'],
  ['an output without a step', `${fence}text\nx\n${fence}`, '1: an output without a step before it; a drawing is a block of "diagram"'],
  ['an output of another section', `${fence}bash\nx\n${fence}\n\n## Next\n\n${fence}text\nx\n${fence}`, '7: an output without a step before it; a drawing is a block of "diagram"'],
  ['a second output', `${fence}bash\nx\n${fence}\n${fence}text\nx\n${fence}\n${fence}text\nx\n${fence}`, '7: a second output of the same step'],
  ['a block that HTML swallows', `<details>\n${fence}bash\nx\n${fence}\n</details>`, '1: a block within HTML is not seen as one: leave an empty line between them'],
  ['an unknown comment', '<!-- clam: It holds.\ntrue\n-->', '1: unknown comment "clam: It holds."; a remark is <!-- note: … -->'],
  ['a claim without a sentence', '<!-- claim:\ntrue\n-->', '1: a claim without a sentence'],
  ['a claim without commands', '<!-- claim: It holds. -->', '1: a claim without commands'],
  ['a setup that begins on its first line', '<!-- setup x=1 -->', '1: the commands of setup begin on the next line'],
  ['a comment within a line', 'text <!-- claim: It holds. --> text', '1: a comment within a line is not read: it needs a line of its own'],
  ['a comment without an end', 'text\n\n<!-- claim: It holds.\ntrue\n', '3: a comment that does not end'],
  ['a comment that HTML before it cuts at an empty line', '<p>\n<!-- claim: It holds.\ntrue\n\ntrue\n-->', '1: a comment that does not end'],
  ['an interrupt without a terminal', '<!-- interrupt -->', '1: interrupt needs the name of a terminal'],
  ['minutes that are no number', '<!-- chapter\nminutes: many\n-->', expect.stringMatching(/^1: the chapter's comment: [^]*minutes/)],
  ['an unknown word about the chapter', '<!-- chapter\nminutes: 10\nneed: [root]\n-->', expect.stringMatching(/^1: the chapter's comment: [^]*need/)]
])('%s is a problem, with its line', (_what, text, problem) => {
  expect(problemsOf(text)).toEqual([problem])
})

test('a chapter with patience has more time for each of its steps, claims and waits', () => {
  const { chapter } = readChapter('x.md', '```bash {within=2m}\ntrue\n```\n\n<!-- claim: It is so.\ntrue\n-->\n')
  expect(withPatience(chapter, 10).parts.map(({ withinSeconds }) => withinSeconds)).toEqual([1200, 600])
})
