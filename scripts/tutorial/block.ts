import {
  AttributeError, readAttributes, readCgroup, readExit, readWithin, type CgroupVersion, type Exit
} from './attributes.ts'

const STEP_SECONDS = 60
const STEP_ATTRIBUTES = ['exit', 'within', 'again', 'terminal', 'wait', 'interrupt', 'cgroup', 'skip']

/** What a step is to print. */
export interface Expected {
  /** Of its first line of text; the fences are the lines around it. */
  line: number
  text: string
  /** How far the block is indented in the file, as in a list. */
  indent: string
  varyNumbers: boolean
  cgroup: CgroupVersion | null
}

/** A `bash` block. */
export interface Step {
  kind: 'step'
  /** Of its first command. */
  line: number
  commands: string
  exit: Exit | null
  withinSeconds: number
  /** A step whose output has this is run again: what a machine was too busy for says nothing. */
  again: string | null
  /** `null`: the chapter's own terminal, whose steps are always waited for. */
  terminal: string | null
  waits: boolean
  interrupts: boolean
  cgroup: CgroupVersion | null
  /** The reason why it is never run. */
  skip: string | null
  expected: Expected[]
}

/** A fenced block of a file. */
export interface Block {
  language: string
  /** Of the fence that opens it. */
  line: number
  firstLine: string
  /** `null` unless it is commands. */
  step: Step | null
  /** `null` unless it is the output of commands; a text with `skip` is that of none in this file. */
  expects: Omit<Expected, 'line' | 'indent'> | null
}

/** `line` is that of the fence. @throws Error for a block that cannot be understood */
export function readBlock (info: string, content: string, line: number): Block {
  const [, language, attributes = ''] = /^(\S+)\s*(?:\{(.*)\})?$/.exec(info.trim()) ?? []
  if (info.trim() === '') throw new Error('a block without a language')
  if (language === undefined) throw new Error(`cannot read ${JSON.stringify(info)}`)
  if (['sh', 'shell', 'console', 'zsh'].includes(language)) throw new Error(`commands are "bash", not ${language}`)
  const block = { language, line, firstLine: content.split('\n')[0]!, step: null, expects: null }
  if (language === 'bash') return { ...block, step: readStep(attributes, content.trimEnd(), line + 1) }
  if (language === 'text') return { ...block, expects: readExpected(attributes, content) }
  if (attributes !== '') throw new AttributeError(`a block of ${language} has no attributes`)
  return block
}

function readStep (text: string, commands: string, line: number): Step {
  const attributes = readAttributes(text, STEP_ATTRIBUTES)
  const step: Step = {
    kind: 'step',
    line,
    commands,
    exit: readExit(attributes),
    withinSeconds: readWithin(attributes, STEP_SECONDS),
    again: attributes.get('again') ?? null,
    terminal: attributes.get('terminal') ?? null,
    waits: attributes.has('wait'),
    interrupts: attributes.has('interrupt'),
    cgroup: readCgroup(attributes),
    skip: attributes.get('skip') ?? null,
    expected: []
  }
  check(step)
  return step
}

function check ({ again, terminal, waits, interrupts, skip, commands }: Step): void {
  if (again === '') throw new AttributeError('again needs the text after which a step is run again')
  if (again !== null && terminal !== null) throw new AttributeError('what runs in another terminal is run once')
  if (terminal === null && (waits || interrupts)) throw new AttributeError('wait and interrupt need a terminal')
  if (terminal === '') throw new AttributeError('a terminal needs a name')
  if (skip?.trim() === '') throw new AttributeError('skip needs a reason')
  if (interrupts && commands !== '') throw new AttributeError('a block that interrupts has no commands')
  if (commands === '' && !waits && !interrupts) throw new AttributeError('a block without commands')
}

function readExpected (text: string, content: string): Block['expects'] {
  const attributes = readAttributes(text, ['vary', 'cgroup', 'skip'])
  if (attributes.has('skip')) return null
  const vary = attributes.get('vary')
  if (vary !== undefined && vary !== 'numbers') throw new AttributeError(`vary: expected numbers, got ${JSON.stringify(vary)}`)
  return { text: content.replace(/\n$/, ''), varyNumbers: vary === 'numbers', cgroup: readCgroup(attributes) }
}
