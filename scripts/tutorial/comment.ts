import { parse } from 'yaml'
import * as z from 'zod'
import {
  AttributeError, readAttributes, readCgroup, readWithin, type Attributes, type CgroupVersion
} from './attributes.ts'

const SCRIPT_SECONDS = 60
/** The last line of defence brings the stack back up. */
const AFTER_SECONDS = 180

/** What a chapter says about itself. */
export interface Meta { kind: 'chapter', line: number, minutes: number, needs: string[] }

/** Commands that no reader sees. */
export interface Script {
  kind: 'setup' | 'claim' | 'after'
  line: number
  /** What a claim says; '' for others. */
  sentence: string
  commands: string
  withinSeconds: number
  cgroup: CgroupVersion | null
}

/** Ctrl-C in another terminal, or waiting for what was started there. */
export interface Signal { kind: 'interrupt' | 'wait', line: number, terminal: string, withinSeconds: number }

export type Comment = Meta | Script | Signal

const metaSchema = z.strictObject({ minutes: z.int().positive(), needs: z.array(z.string()).default([]) })

/** What else stands in comments: parts of the page, and directives of tools. */
const OTHERS = ['card', 'chart', 'note']

/** The comments of a piece of HTML that begins at `line`. @throws Error for one that cannot be understood */
export function readComments (html: string, line: number): Comment[] {
  const comments: Comment[] = []
  for (const found of html.matchAll(/<!--([^]*?)-->/g)) {
    const at = line + html.slice(0, found.index).split('\n').length - 1
    const comment = readComment(found[1]!, at)
    if (comment !== null) comments.push(comment)
  }
  if (html.replaceAll(/<!--[^]*?-->/g, '').includes('<!--')) throw new Error('a comment that does not end')
  return comments
}

const HEAD = /^\s*(\w+)[ \t]*(?:\{([^\n]*)\})?[ \t]*:?[ \t]*([^\n]*)\n?([^]*)$/

function readComment (text: string, line: number): Comment | null {
  const [, kind = '', attributes = '', words = '', body = ''] = HEAD.exec(text) ?? []
  if (OTHERS.includes(kind)) return null
  if (kind === 'chapter') return { kind, line, ...readMeta(body) }
  const known = readAttributes(attributes, ['within', 'cgroup'])
  if (kind === 'setup' || kind === 'claim' || kind === 'after') return readScript(kind, known, words.trim(), body, line)
  if (kind === 'interrupt' || kind === 'wait') return readSignal(kind, known, words.trim(), line)
  throw new Error(`unknown comment ${JSON.stringify(text.trim().split('\n')[0])}; a remark is <!-- note: … -->`)
}

function readMeta (body: string): z.infer<typeof metaSchema> {
  const { success, data, error } = metaSchema.safeParse(parse(body))
  if (!success) throw new Error(`the chapter's comment: ${z.prettifyError(error)}`)
  return data
}

function readScript (
  kind: Script['kind'], attributes: Attributes, words: string, body: string, line: number
): Script {
  if (kind === 'claim' && words === '') throw new Error('a claim without a sentence')
  if (kind !== 'claim' && words !== '') throw new Error(`the commands of ${kind} begin on the next line`)
  if (body.trim() === '') throw new Error(`a ${kind} without commands`)
  const withinSeconds = readWithin(attributes, kind === 'after' ? AFTER_SECONDS : SCRIPT_SECONDS)
  return { kind, line, sentence: words, commands: body.trimEnd(), withinSeconds, cgroup: readCgroup(attributes) }
}

function readSignal (kind: Signal['kind'], attributes: Attributes, terminal: string, line: number): Signal {
  if (!/^\S+$/.test(terminal)) throw new AttributeError(`${kind} needs the name of a terminal`)
  return { kind, line, terminal, withinSeconds: readWithin(attributes, SCRIPT_SECONDS) }
}
