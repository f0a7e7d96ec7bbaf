import { readFileSync } from 'node:fs'
import { afterEach, expect, jest, test } from '@jest/globals'
import { Terminal } from '#scripts/tutorial/terminal.ts'
import { until } from '#support/until.ts'

// Each starts several processes, on a machine that may be busy.
jest.setTimeout(30_000)

const opened: Terminal[] = []
afterEach(async () => { await Promise.all(opened.splice(0).map(terminal => terminal.close())) })

function open (): Terminal {
  const terminal = new Terminal('/', { PATH: process.env.PATH!, LANG: 'C.UTF-8', TERM: 'dumb' })
  opened.push(terminal)
  return terminal
}

function isAlive (pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test('a terminal gives the output of commands, errors included, and their exit status', async () => {
  const ran = await open().run('echo out; echo "it\'s an error" >&2; (exit 3)', 5)
  expect(ran).toEqual({ how: 'ended', status: 3, failed: '( exit 3 )', output: "out\nit's an error\n" })
})

test('a terminal keeps variables, functions and the directory', async () => {
  const terminal = open()
  await terminal.run('a=1; f () { echo "f $a"; }; cd /tmp', 5)
  expect((await terminal.run('f; pwd', 5)).output).toBe('f 1\n/tmp\n')
})

test('output without an end of line is not changed', async () => {
  const terminal = open()
  expect((await terminal.run('printf "no end"', 5)).output).toBe('no end')
  expect((await terminal.run('true', 5)).output).toBe('')
})

test('the first of several commands that fails decides, and the others run', async () => {
  const ran = await open().run("echo one\n[ 1 -eq 2 ]\necho 'two\nlines'", 5)
  expect(ran).toMatchObject({ status: 1, failed: '[ 1 -eq 2 ]', output: 'one\ntwo\nlines\n' })
})

test('a command in a condition may fail', async () => {
  const ran = await open().run('if false; then :; fi; false || true; ! true; [ 1 = 2 ] && true; true', 5)
  expect(ran).toMatchObject({ status: 0 })
})

test('a command that reads its input gets the end of it', async () => {
  const ran = await open().run('cat; read -r line; echo "status $?"', 5)
  expect(ran).toMatchObject({ how: 'ended', output: 'status 1\n' })
})

test('commands that bash cannot read fail, and the terminal goes on', async () => {
  const terminal = open()
  const ran = await terminal.run('echo "unclosed', 5)
  expect(ran.how).toBe('ended')
  expect(ran.status).toBeGreaterThan(0)
  expect(ran.output).toContain('unexpected EOF')
  expect(await terminal.run('echo on', 5)).toMatchObject({ status: 0, output: 'on\n' })
})

test('a step that takes too long gives its output so far, and the terminal goes on', async () => {
  const terminal = open()
  const ran = await terminal.run('echo begun; while sleep 0.05; do :; done; echo never', 1)
  expect(ran).toEqual({ how: 'timed out', status: null, failed: '', output: 'begun\n' })
  expect(await terminal.run('echo on', 5)).toMatchObject({ status: 0, output: 'on\n' })
})

test('a step that ends its shell says so', async () => {
  const terminal = open()
  const ran = await terminal.run('echo last; exec 2>/dev/null; exit 4', 5)
  expect(ran).toEqual({ how: 'the shell ended', status: null, failed: '', output: 'last\n' })
  expect(terminal.isUsable).toBe(false)
})

test('a second terminal runs beside the first, and is waited for later', async () => {
  const [first, second] = [open(), open()]
  const { output: directory } = await first.run('mktemp -d', 5)
  await second.start(`echo waiting; until [ -e ${directory.trim()}/go ]; do sleep 0.02; done; echo gone`)
  expect(second.isBusy).toBe(true)
  await first.run(`touch ${directory.trim()}/go`, 5)
  expect(await second.ended(5)).toMatchObject({ how: 'ended', status: 0, output: 'waiting\ngone\n' })
  await first.run(`rm -r ${directory.trim()}`, 5)
})

test.each([
  ['a process', 'bash -c "echo ready; exec sleep 60"; echo never'],
  ['a loop', 'while echo ready; do sleep 0.05; done; echo never'],
  ['a pipe', '(echo ready; exec sleep 60) | cat; echo never'],
  ['a command in a process group of its own', 'timeout 60 bash -c "echo ready; exec sleep 60"; echo never']
])('Ctrl-C ends %s and what follows it, and the terminal goes on', async (_what, commands) => {
  const terminal = open()
  await terminal.start(commands)
  expect(await terminal.printed(output => output.includes('ready'), 5)).toBe(true)
  const ran = await terminal.interrupt(10)
  expect(ran).toMatchObject({ how: 'ended', status: expect.any(Number) })
  expect(ran.output).not.toContain('never')
  expect((await terminal.run('echo on', 5)).output).toBe('on\n')
})

test('Ctrl-C ends a loop of short commands, whenever it comes', async () => {
  const rounds = Array.from({ length: 5 }, (_, i) => `ready${i}`)
  for (const ready of rounds) {
    const terminal = open()
    await terminal.start(`while echo ${ready}; do sleep 0.005; done; echo never`)
    await terminal.printed(output => output.split(ready).length > 3, 5)
    expect(await terminal.interrupt(10)).toMatchObject({ how: 'ended', status: 130, output: expect.not.stringContaining('never') })
  }
})

test('Ctrl-C reaches a process that handles it', async () => {
  const terminal = open()
  await terminal.start('bash -c \'trap "echo summary; exit 7" INT; echo ready; while :; do sleep 0.02; done\'')
  await terminal.printed(output => output.includes('ready'), 5)
  expect(await terminal.interrupt(10)).toMatchObject({ status: 7, output: 'ready\nsummary\n' })
})

test('printed resolves to false when what is awaited does not come', async () => {
  const terminal = open()
  await terminal.start('echo one; sleep 60')
  expect(await terminal.printed(output => output.includes('two'), 0.2)).toBe(false)
})

test('variables that are set have any text', async () => {
  const terminal = open()
  const text = "two\nlines, 'quoted' \"twice\" $HOME `id` \\n"
  terminal.set({ OUT: text })
  expect((await terminal.run('printf %s "$OUT"', 5)).output).toBe(text)
})

test('closing a terminal ends all that was started in it, and nothing else', async () => {
  const [closed, other] = [open(), open()]
  const commands = 'sleep 61 & echo $!; (trap "" TERM; while :; do sleep 1; done) & echo $!'
  const pids = async (terminal: Terminal) =>
    (await terminal.run(commands, 5)).output.match(/^\d+$/gm)!.map(Number)
  const [ended, kept] = [await pids(closed), await pids(other)]
  await closed.close()
  await until(() => !ended.some(isAlive), { what: 'the processes to end' })
  expect(kept.map(isAlive)).toEqual([true, true])
  expect(await other.run('echo on', 5)).toMatchObject({ output: 'on\n' })
  opened.splice(opened.indexOf(closed), 1)
})
