import { readFileSync } from 'node:fs'
import { expect, jest, test } from '@jest/globals'
import { readChapter } from '#scripts/tutorial/chapter.ts'
import type { Outcome } from '#scripts/tutorial/findings.ts'
import { runChapter, type Surroundings } from '#scripts/tutorial/run-chapter.ts'
import { Terminal } from '#scripts/tutorial/terminal.ts'
import { withRenewals } from '#scripts/tutorial/write.ts'

// Each starts several processes, on a machine that may be busy.
jest.setTimeout(30_000)

const path = 'tests/fixtures/tutorial/01-a-shell.md'
const text = readFileSync(path, 'utf8')
const fence = '```'

function run (text: string, changed: Partial<Surroundings> = {}): Promise<Outcome> {
  const { chapter, problems } = readChapter(path, text)
  expect(problems).toEqual([])
  return runChapter(chapter, {
    cgroup: 'v1',
    openTerminal: () => new Terminal('/', { PATH: process.env.PATH!, LANG: 'C.UTF-8', TERM: 'dumb' }),
    toRun: commands => commands,
    toReader: output => output,
    toClaims: output => output,
    state: async () => [],
    signal: new AbortController().signal,
    ...changed
  })
}

/** The number of the line that a text stands in. */
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length

/** The fixture with one thing changed. */
function changed (from: string, to: string): string {
  expect(text.split(from)).toHaveLength(2)
  return text.replace(from, () => to)
}

test('a chapter that says what is so passes, and names what it skips', async () => {
  const { passed, problems, skipped } = await run(text)
  expect(problems).toEqual([])
  expect(passed).toBe(10)
  expect(skipped.map(({ line, what, reason }) => `${line}: ${what} (${reason})`)).toEqual([
    `${lineOf(text, 'echo only on v2')}: echo only on v2 (it is for cgroup v2)`,
    `${lineOf(text, 'xdg-open')}: xdg-open http://127.0.0.1:8080 (it needs a desktop)`
  ])
})

test('a changed output is reported with its line, what was expected and what came', async () => {
  const broken = changed('count is 2\n   fed', 'count is 3\n   fed')
  const { problems } = await run(broken)
  expect(problems).toEqual([{
    path,
    line: lineOf(broken, 'count is 3'),
    message: 'the output differs',
    details: [
      'expected count is 3',
      'got      count is 2',
      'the output:',
      '  count is 2',
      expect.stringContaining('0123456789ab')
    ]
  }])
})

test('a changed claim is reported with its line and sentence, and the others are judged', async () => {
  const broken = changed('[ $((count - before)) -eq 1 ]', '[ $((count - before)) -eq 2 ]')
  const { problems, passed } = await run(broken)
  expect(problems).toMatchObject([{
    line: lineOf(broken, '-eq 2 ]'),
    message: 'the claim does not hold: The count rose by one.',
    details: [
      'expected exit status 0', expect.stringMatching(/^got +exit status 1 of \[ .* -eq 2 \]$/), 'there was no output'
    ]
  }])
  expect(passed).toBe(9)
})

test('a changed command that fails is reported with its line, and nothing after it is run', async () => {
  const broken = changed('echo "count is $count"\n```', 'echoo "count is $count"\n```')
  const { problems, passed } = await run(broken)
  expect(problems).toMatchObject([{
    line: lineOf(broken, 'echoo'),
    message: 'the step ended with another exit status',
    details: [
      'expected 0',
      'got      127 of echoo "count is $count"',
      'the output:',
      expect.stringContaining('not found'),
      '12 further steps and claims of this chapter were not run'
    ]
  }])
  expect(passed).toBe(0)
})

test('a changed command that succeeds is seen by its output and by the claims', async () => {
  const broken = changed('count=$((count + 1))', 'count=$((count + 2))')
  const { problems } = await run(broken)
  expect(problems.map(({ line, message }) => [line, message])).toEqual([
    [lineOf(broken, 'count is 2\n   fed'), 'the output differs'],
    [lineOf(broken, '[ $((count - before)) -eq 1 ]'), 'the claim does not hold: The count rose by one.']
  ])
})

test('a step that does not end in time is reported with its output so far', async () => {
  const { problems } = await run(`${fence}bash {within=1s}\necho begun\nsleep 60\n${fence}\n`)
  const details = ['the output:', '  begun']
  expect(problems).toMatchObject([{ line: 2, message: 'the step did not end within 1 s', details }])
})

test('a step whose output says that it is to be run again is, at most three times in all', async () => {
  const counting = (until: number): string => [
    `${fence}bash`, 'tries=0', fence,
    `${fence}bash {again="not measured"}`, `tries=$((tries + 1)); [ $tries -ge ${until} ] && echo held || { echo not measured; false; }`, fence,
    `${fence}text`, 'held', fence, ''
  ].join('\n')
  expect(await run(counting(3))).toMatchObject({ passed: 2, problems: [] })
  const { problems } = await run(counting(4))
  expect(problems).toMatchObject([{ line: 5, message: 'the step ended with another exit status' }])
})

test('a step that ends its terminal is reported, and what puts things back runs all the same', async () => {
  const { problems } = await run(`${fence}bash\nexit 0\n${fence}\n\n<!-- after\necho put back; false\n-->\n`)
  expect(problems.map(({ line, message }) => [line, message])).toEqual([
    [2, 'the step ended the terminal that it ran in'],
    [6, 'the after failed']
  ])
  expect(problems[1]!.details).toContain('  put back')
})

test('what still runs in another terminal at the end is interrupted and compared', async () => {
  const step = `${fence}bash {terminal=watch within=2s}\necho one; sleep 60\n${fence}`
  const { problems } = await run(`${step}\n${fence}text\ntwo\n${fence}\n`)
  const details = ['expected two', 'got      one', 'the output:', '  one']
  expect(problems).toMatchObject([{ line: 5, message: 'the output differs', details }])
})

test.each([
  '<!-- interrupt watch -->', '<!-- wait watch -->', `${fence}bash {terminal=watch wait}\n${fence}`
])('%j without anything that runs there is reported', async text => {
  expect((await run(`${text}\n`)).problems).toMatchObject([{ message: 'nothing runs in the terminal watch' }])
})

test('what waits for a step that is for the other version of cgroups is left out as well', async () => {
  const step = `${fence}bash {terminal=watch cgroup=v2}\nsleep 60\n${fence}`
  const waiting = `<!-- interrupt watch -->\n\n${fence}bash {terminal=watch wait}\n${fence}`
  const { problems } = await run(`${step}\n${waiting}\n`)
  expect(problems).toEqual([])
})

test('a chapter that leaves something changed is reported', async () => {
  const states = [['container worker-1: running, memory 268435456'], ['container worker-1: running, memory 4294967296']]
  const { problems } = await run('# A\n', { state: async () => states.shift()! })
  expect(problems).toEqual([{
    path,
    line: 1,
    message: 'the chapter leaves something changed',
    details: [
      'before: container worker-1: running, memory 268435456', 'after:  container worker-1: running, memory 4294967296'
    ]
  }])
})

test('names and ports are those of the run in commands, and those of the reader in outputs', async () => {
  const step = `${fence}bash\necho reader\n${fence}\n${fence}text\nreader\n${fence}`
  const { problems } = await run(`${step}\n<!-- claim: It sees the run.\n[ "$OUT" = run ]\n-->\n`, {
    toRun: commands => commands.replace('echo reader', 'echo run'),
    toReader: output => output.replace('run', 'reader')
  })
  expect(problems).toEqual([])
})

test('an aborted run ends at once, and everything in its terminals with it', async () => {
  const stopping = new AbortController()
  const terminals: Terminal[] = []
  const running = run(`${fence}bash\nsleep 60\n${fence}\n\n<!-- after\nsleep 60\n-->\n`, {
    signal: stopping.signal,
    openTerminal: () => {
      terminals.push(new Terminal('/', { PATH: process.env.PATH! }))
      return terminals.at(-1)!
    }
  })
  stopping.abort()
  expect((await running).problems).toEqual([])
  expect(terminals.map(({ isUsable }) => isUsable)).toEqual([false])
})

test('after the outputs were renewed, a run has nothing to renew but what varies, and passes', async () => {
  const broken = changed('count is 2\n   fed', 'count is 3\n   fed')
  const { renewals } = await run(broken)
  const mended = withRenewals(broken, renewals)
  expect(mended).toContain('   count is 2\n   0123456789ab at 2025-01-01T00:00:00Z\n')
  expect(mended).toContain('1\n…\ntook   12.5 ms\n')
  expect(mended).toContain('look 1\n…\n')
  expect(await run(mended)).toMatchObject({ problems: [], renewals: [] })
})
