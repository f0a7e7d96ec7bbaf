/** Which commands of a chapter the page can do itself, and with what. Pure. */

const LAB = ['docker', 'compose', 'exec', 'lab', 'lab']

/** The experiment of a block that is exactly `docker compose exec lab lab run ID [--predict ANSWER]`. */
export function experimentIn (code: string): string | null {
  const [command, id, option, ...rest] = argumentsOfLab(code)
  const isWhole = option === undefined || (option === '--predict' && rest.length === 1) ||
    (option.startsWith('--predict=') && rest.length === 0)
  return command === 'run' && id !== undefined && /^[a-z][a-z0-9-]*$/.test(id) && isWhole ? id : null
}

/** The address at which the page's form is filled in as `docker compose exec lab lab load …` says. */
export function loadAddressIn (code: string): string | null {
  const [command, ...args] = argumentsOfLab(code)
  const options = command === 'load' ? optionsIn(args) : null
  const rates = options?.get('rate') ?? options?.get('steps')
  const path = options?.get('path')
  // The form has no body and no timeout, so it would send another load than the command.
  if (options === null || path === undefined || rates === undefined || options.has('body') || options.has('timeout')) {
    return null
  }
  const seconds = secondsOf(options.get('duration') ?? '20s')
  const service = options.get('service') ?? 'api'
  const fields = new URLSearchParams({ service, path, rates, ...(seconds && { seconds }) })
  if (options.has('connections')) fields.set('connections', options.get('connections')!)
  return `#load?${fields}`
}

/** The words after `docker compose exec lab lab`, if this is all of a block. */
function argumentsOfLab (code: string): string[] {
  const lines = code.trim().replaceAll('\\\n', ' ').split('\n')
  const words = lines.length === 1 ? wordsOf(lines[0]!) : []
  return LAB.every((word, i) => words[i] === word) ? words.slice(LAB.length) : []
}

/** As a shell takes a line apart, without what a chapter does not need: escapes, expansions. */
function wordsOf (line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/['"]/g, ''))
}

function optionsIn (args: string[]): Map<string, string> {
  const options = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const [name, value] = args[i]!.split(/=(.*)/s) as [string, string | undefined]
    if (name === '--json') continue
    options.set(name.replace(/^--/, ''), value ?? args[++i] ?? '')
  }
  return options
}

function secondsOf (duration: string): string | null {
  const [, amount, unit] = /^([\d.]+)(ms|s|m)$/.exec(duration) ?? []
  if (amount === undefined) return null
  return String(Number(amount) * (unit === 'm' ? 60 : unit === 's' ? 1 : 0.001))
}
