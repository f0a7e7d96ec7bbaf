/** What follows the language of a block, or the word of a comment: `{exit=1 within=120s skip="needs a desktop"}`. */
export type Attributes = Map<string, string>

export class AttributeError extends Error {
  override name = 'AttributeError'
}

const PAIR = /\s*,?\s*([a-z-]+)(?:=(?:"([^"]*)"|([^\s,"]+)))?/y

/** A name without a value has the value ''. @throws AttributeError for a text that is no list of `known` attributes */
export function readAttributes (text: string, known: string[]): Attributes {
  const attributes: Attributes = new Map()
  const rest = text.trim()
  PAIR.lastIndex = 0
  while (PAIR.lastIndex < rest.length) {
    const at = PAIR.lastIndex
    const [, name, quoted, bare] = PAIR.exec(rest) ?? []
    if (name === undefined) throw new AttributeError(`cannot read ${JSON.stringify(rest.slice(at))}`)
    if (!known.includes(name)) throw new AttributeError(`unknown attribute ${JSON.stringify(name)}`)
    attributes.set(name, quoted ?? bare ?? '')
  }
  return attributes
}

/** `90s` or `2m`. */
export function readWithin (attributes: Attributes, defaultSeconds: number): number {
  const text = attributes.get('within')
  if (text === undefined) return defaultSeconds
  const [, amount, unit] = /^(\d+)(s|m)$/.exec(text) ?? []
  if (amount === undefined) throw new AttributeError(`within: expected a time like 90s or 2m, got ${JSON.stringify(text)}`)
  return Number(amount) * (unit === 'm' ? 60 : 1)
}

export type CgroupVersion = 'v1' | 'v2'

export function readCgroup (attributes: Attributes): CgroupVersion | null {
  const text = attributes.get('cgroup')
  if (text === undefined || text === 'v1' || text === 'v2') return text ?? null
  throw new AttributeError(`cgroup: expected v1 or v2, got ${JSON.stringify(text)}`)
}

export type Exit = number | 'nonzero' | 'any'

/** `null` if the block does not say. */
export function readExit (attributes: Attributes): Exit | null {
  const text = attributes.get('exit')
  if (text === undefined || text === 'nonzero' || text === 'any') return text ?? null
  if (/^\d+$/.test(text)) return Number(text)
  throw new AttributeError(`exit: expected a number, nonzero or any, got ${JSON.stringify(text)}`)
}
