/** Looks up the value of a variable; `undefined` means that it is not set. */
export type Lookup = (name: string) => string | undefined

/**
 * Fills in variables by the rules of Compose, in compose.yaml and in `.env` alike:
 *
 *     $NAME  ${NAME}         the value, or nothing
 *     ${NAME:-word}          `word` if NAME is not set or empty; with `-` alone only if it is not set
 *     ${NAME:+word}          `word` if NAME is set and not empty; with `+` alone if it is set
 *     ${NAME:?message}       an error if NAME is not set or empty; with `?` alone only if it is not set
 *     $$                     a dollar sign
 *
 * A word may itself contain variables. Compose specification, "Interpolation".
 *
 * @throws Error if a brace is not closed, if a name is invalid, or if a required variable is missing
 */
export function interpolate (text: string, lookup: Lookup): string {
  let filled = ''
  let at = 0
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', at)) {
    const { value, end } = substitutionAt(text, dollar, lookup)
    filled += text.slice(at, dollar) + value
    at = end
  }
  return filled + text.slice(at)
}

const plainName = /[A-Za-z_]\w*/y

function substitutionAt (text: string, dollar: number, lookup: Lookup): { value: string, end: number } {
  const next = dollar + 1
  if (text[next] === '$') return { value: '$', end: next + 1 }
  if (text[next] === '{') {
    const close = closingBrace(text, next)
    return { value: braced(text.slice(next + 1, close), lookup), end: close + 1 }
  }
  plainName.lastIndex = next
  const name = plainName.exec(text)?.[0]
  return name === undefined ? { value: '$', end: next } : { value: lookup(name) ?? '', end: next + name.length }
}

/** The brace that closes the one at `open`; the braces of variables in between are skipped. */
function closingBrace (text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{' && text[at - 1] === '$') depth++
    if (text[at] === '}' && --depth === 0) return at
  }
  throw new Error(`a closing brace is missing in ${JSON.stringify(text)}`)
}

function braced (body: string, lookup: Lookup): string {
  const match = /^([A-Za-z_]\w*)(?:(:?)([-+?])([^]*))?$/.exec(body)
  if (match === null) throw new Error(`expected a variable such as \${NAME} or \${NAME:-default}, got \${${body}}`)
  const [, name = '', colon, operator, word = ''] = match
  const value = lookup(name)
  const isThere = colon === ':' ? Boolean(value) : value !== undefined
  switch (operator) {
    case '-': return isThere ? value! : interpolate(word, lookup)
    case '+': return isThere ? interpolate(word, lookup) : ''
    case '?': return isThere ? value! : missing(name, interpolate(word, lookup))
    default: return value ?? ''
  }
}

function missing (name: string, message: string): never {
  throw new Error(`the variable ${name} is required${message === '' ? '' : `: ${message}`}`)
}
