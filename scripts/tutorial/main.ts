// npm run tutorial: runs the commands of the tutorial and of the other documents, and compares what comes out.
import { readFileSync, writeFileSync } from 'node:fs'
import { choose, readArguments, usage, UsageError, type Options } from './arguments.ts'
import { gitStatus } from './checkout.ts'
import { readChapter, withPatience, type Chapter } from './chapter.ts'
import { documents } from './documents.ts'
import type { Outcome } from './findings.ts'
import { withoutBuild, withReader, withReaderNames, withRunPorts } from './names.ts'
import { closing, report, sum } from './report.ts'
import { missing, thisMachine, unknownNeeds, type Machine } from './requirements.ts'
import { runChapter, type Surroundings } from './run-chapter.ts'
import { Stack } from './stack.ts'
import { stackState } from './stack-state.ts'
import { Terminal } from './terminal.ts'
import { withRenewals } from './write.ts'

const root = process.cwd()
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())

const print = (text: string): void => { process.stdout.write(`${text}\n`) }

try {
  const options = readArguments(process.argv.slice(2))
  if (options.help) process.stdout.write(usage)
  else process.exitCode = await main(options)
} catch (err) {
  process.exitCode = stopping.signal.aborted ? 130 : 2
  process.stderr.write(`npm run tutorial: ${(err as Error).message}\n${err instanceof UsageError ? `\n${usage}` : ''}`)
}

async function main ({ chosen, list, write, build, patience }: Options): Promise<number> {
  const paths = choose(chosen, documents(root))
  const texts = new Map(paths.map(path => [path, readFileSync(path, 'utf8')]))
  const reads = paths.map(path => readChapter(path, texts.get(path)!))
  if (list) {
    for (const { chapter } of reads) print(lineOf(chapter))
    return 0
  }
  const unreadable = reads.flatMap(({ chapter, problems }) => [...problems, ...unknownNeeds(chapter)])
  if (unreadable.length > 0) {
    process.stdout.write(report({ passed: 0, problems: unreadable, skipped: [] }))
    return 1
  }
  const chapters = reads.map(({ chapter }) => withPatience(chapter, patience))
  const { outcomes, leftover } = await runAll(chapters, { build, patience })
  if (write && !stopping.signal.aborted) outcomes.forEach(outcome => renew(outcome, texts.get(outcome.chapter.path)!))
  const results = sum(outcomes)
  process.stdout.write(`\n${report(results)}`)
  if (leftover !== null) process.stderr.write(`npm run tutorial: not all was removed, and it is tried again: ${leftover}\n`)
  if (stopping.signal.aborted) return 130
  return results.problems.length > 0 || leftover !== null ? 1 : 0
}

/** `leftover`: why the stack could not be removed. */
async function runAll (
  chapters: Chapter[], { build, patience }: Pick<Options, 'build' | 'patience'>
): Promise<{ outcomes: Outcome[], leftover: string | null }> {
  const outcomes: Outcome[] = []
  let leftover: string | null = null
  const machine = await thisMachine()
  const stack = await Stack.make(root, process.env, patience)
  try {
    print(`The stack of this run is ${stack.names.project}, in ${stack.names.directory}`)
    if (!build) await stack.useImages(process.env.TAG || 'dev')
    let isUp = false
    for (const chapter of chapters) {
      if (stopping.signal.aborted) break
      const outcome = await runOne(chapter, machine, stack, { isUp, build })
      isUp ||= outcome.passed + outcome.problems.length > 0
      outcomes.push(outcome)
    }
  } finally {
    leftover = await stack.remove().then(() => null, (err: Error) => err.message)
  }
  return { outcomes, leftover }
}

/** `build`: whether images are built before the runner starts the stack. */
async function runOne (
  chapter: Chapter, machine: Machine, stack: Stack, { isUp, build }: { isUp: boolean, build: boolean }
): Promise<Outcome> {
  const empty = { chapter, passed: 0, problems: [], renewals: [] }
  const reason = await missing(chapter.meta?.needs ?? [], machine)
  if (reason !== null) {
    print(`   skipped: ${lineOf(chapter)}, because ${reason}`)
    return { ...empty, skipped: [{ path: chapter.path, line: 1, what: chapter.title ?? 'all of it', reason }] }
  }
  const beganMs = Date.now()
  const startsIt = !isUp && startsTheStack(chapter)
  const failed = (what: string) => (err: Error): Outcome => {
    const details = err.message.trim().split('\n').slice(-20)
    return { ...empty, problems: [{ path: chapter.path, line: 1, message: what, details }], skipped: [] }
  }
  const trouble = startsIt || !hasCommands(chapter)
    ? null
    : await bringUp(stack, build && !isUp).then(() => null, failed('the stack did not come up'))
  const outcome = trouble ?? await runChapter(chapter, surroundings(stack, machine, { startsIt, build }))
    .catch(failed('the chapter could not be run'))
  print(`${((Date.now() - beganMs) / 1000).toFixed(0).padStart(4)} s  ${closing(outcome)}  ${lineOf(chapter)}`)
  for (const { path, line, message } of outcome.problems) print(`        ${path}:${line}: ${message}`)
  return outcome
}

async function bringUp (stack: Stack, build: boolean): Promise<void> {
  if (build) await stack.build(stopping.signal)
  await stack.up(stopping.signal)
}

/** A chapter that starts the stack cannot leave it as it found it, but the clone it can. */
function surroundings (
  stack: Stack, { cgroup }: Machine, { startsIt, build }: { startsIt: boolean, build: boolean }
): Surroundings {
  const { names } = stack
  return {
    cgroup,
    signal: stopping.signal,
    openTerminal: () => new Terminal(names.directory, stack.env),
    toRun: commands => withRunPorts(build ? commands : withoutBuild(commands), names),
    toReader: output => withReader(output, names),
    toClaims: output => withReaderNames(output, names),
    state: async () => [
      ...(startsIt ? [] : await stackState(names.project)).map(line => withReaderNames(line, names)),
      ...(await gitStatus(names.directory)).map(line => `git status: ${line}`)
    ]
  }
}

function commandsOf ({ parts }: Chapter): string[] {
  return parts.flatMap(part => part.kind === 'step' && part.skip === null ? [part.commands] : [])
}

function hasCommands (chapter: Chapter): boolean { return commandsOf(chapter).length > 0 }

function startsTheStack (chapter: Chapter): boolean {
  return /^docker compose up\b/.test(commandsOf(chapter)[0] ?? '')
}

function lineOf ({ path, title, meta }: Chapter): string {
  return `${path}${title === null ? '' : `  ${title}`}${meta === null ? '' : ` (${meta.minutes} min)`}`
}

function renew ({ chapter: { path }, renewals }: Outcome, read: string): void {
  if (renewals.length === 0) return
  if (readFileSync(path, 'utf8') !== read) throw new Error(`${path} was changed meanwhile, and its outputs were not renewed`)
  writeFileSync(path, withRenewals(read, renewals))
  print(`renewed ${renewals.length} outputs in ${path}`)
}
