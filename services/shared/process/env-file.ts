import { existsSync, readFileSync } from 'node:fs'
import type { Environment } from './env.ts'
import { interpolate, type Lookup } from './interpolate.ts'

/**
 * The variables of an environment and of the `.env` beside compose.yaml, by Compose's rules. A variable of the
 * environment keeps its value, even an empty one. docs/decisions/0009 says why this does not use a library.
 */
export function withEnvFile (environment: Environment, path = '.env'): Environment {
  if (!existsSync(path)) return environment
  try {
    return { ...parseEnvFile(readFileSync(path, 'utf8'), environment), ...environment }
  } catch (cause) {
    throw new Error(`${path}, ${(cause as Error).message}`, { cause })
  }
}

/**
 * One statement; text after a quoted value is ignored. Compose's documentation, "Syntax for environment files":
 *
 *     NAME=value # comment        variables are filled in; the comment needs a space before it
 *     NAME="a \"b\" ${OTHER}\n"   variables are filled in; `\n`, `\r`, `\t` have their usual meaning; may span lines
 *     NAME='as it stands $5'      nothing is filled in
 *     NAME                        the environment's value, if it has one
 *     export NAME: value          both are allowed too
 */
const statement = /(?:export[^\S\n]+)?([\p{L}\p{N}_.]+)[^\S\n]*(?:\n|$|[=:][^\S\n]*(?:"((?:\\[^]|[^"\\])*)"(?=\s|$)[^\n]*|'((?:\\'|[^'])*)'(?=\s|$)[^\n]*|(?!["'])([^\n]*)))/uy
const blank = /(?:\s+|#[^\n]*)*/y

/** @throws Error that names the line, and the variable where there is one */
export function parseEnvFile (text: string, environment: Environment): Record<string, string> {
  const file = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const variables: Record<string, string> = {}
  const lookup: Lookup = name => environment[name] ?? variables[name]
  for (let at = endOf(blank, file, 0); at < file.length; at = endOf(blank, file, statement.lastIndex)) {
    statement.lastIndex = at
    const match = statement.exec(file)
    if (match === null) throw new Error(`line ${lineOf(file, at)}: expected NAME=value, got ${JSON.stringify(lineAt(file, at))}`)
    const value = valueOf(match, lookup, () => lineOf(file, at))
    if (value !== undefined) variables[match[1]!] = value
  }
  return variables
}

function valueOf (
  [, name = '', inDouble, inSingle, plain]: RegExpExecArray,
  lookup: Lookup,
  line: () => number
): string | undefined {
  try {
    if (inDouble !== undefined) return interpolate(unescape(inDouble), lookup)
    if (inSingle !== undefined) return inSingle.replaceAll("\\'", "'")
    return plain === undefined ? lookup(name) : interpolate(withoutComment(plain), lookup)
  } catch (cause) {
    throw new Error(`line ${line()}: ${name}: ${(cause as Error).message}`, { cause })
  }
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', $: '$$' }

/** Doubles an escaped dollar, which is how interpolation spells one. */
function unescape (text: string): string {
  return text.replace(/\\([^])/g, (_all, character: string) => escapes[character] ?? character)
}

function withoutComment (text: string): string {
  return text.split(' #')[0]!.trimEnd()
}

function endOf (pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  pattern.exec(text)
  return pattern.lastIndex
}

function lineOf (text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}

function lineAt (text: string, at: number): string {
  return text.slice(at).split('\n')[0]!.slice(0, 80)
}
