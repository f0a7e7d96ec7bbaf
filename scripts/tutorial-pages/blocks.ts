/** The blocks of a chapter: steps, their outputs, and code. */
import type { Token } from 'markdown-it'
import { experimentIn, loadAddressIn } from './commands.ts'
import { fenceOf, type Fence } from './fence.ts'
import { highlighted } from './highlight.js'
import { escaped, htmlToken, problemAt } from './tokens.ts'

/** What the page shows as one: a step with its outputs, or anything else alone. */
interface Unit { tokens: Token[], cgroup: Fence['cgroup'] }

/** Every block as HTML, and what belongs to one version of cgroup folded under its name. */
export function withBlocks (tokens: Token[]): Token[] {
  const terminals: string[] = []
  const units = unitsOf(tokens)
  return units.flatMap(({ tokens, cgroup }, i) => [
    ...(cgroup !== null && units[i - 1]?.cgroup !== cgroup ? [htmlToken(foldingStart(cgroup))] : []),
    isBlock(tokens[0]!) ? htmlToken(unitHtml(tokens, terminals)) : tokens[0]!,
    ...(cgroup !== null && units[i + 1]?.cgroup !== cgroup ? [htmlToken('</details>\n')] : [])
  ])
}

/** “On cgroup v2:” says what the name of the folded block says. */
export function withoutCaptions (tokens: Token[]): Token[] {
  const isCaption = (i: number) => {
    const block = tokens[i + 2]
    return tokens[i]?.type === 'inline' && block !== undefined && isBlock(block) &&
      tokens[i].content === `On cgroup ${read(block).cgroup}:`
  }
  return tokens.filter((_token, i) => !isCaption(i - 1) && !isCaption(i) && !isCaption(i + 1))
}

export function experimentsIn (tokens: Token[]): string[] {
  return tokens.filter(isBlock).flatMap(token => experimentOf(token) ?? [])
}

function isBlock ({ type }: Token): boolean {
  return type === 'fence'
}

function unitsOf (tokens: Token[]): Unit[] {
  const units: Unit[] = []
  for (const token of tokens) {
    const before = units.at(-1)
    if (!isBlock(token)) units.push({ tokens: [token], cgroup: null })
    else {
      const { language, cgroup } = read(token)
      const step = before?.tokens[0]
      const isOutput = language === 'text' && step && isBlock(step) && read(step).language === 'bash'
      // A step may have an output for each version, and be the same for both.
      if (isOutput && (before.cgroup === null || before.cgroup === cgroup)) before.tokens.push(token)
      else units.push({ tokens: [token], cgroup })
    }
  }
  return units
}

function read (token: Token): Fence {
  try { return fenceOf(token.info) } catch (error) { throw problemAt(token, (error as Error).message) }
}

function experimentOf (token: Token): string | null {
  return read(token).language === 'bash' ? experimentIn(token.content) : null
}

/** An experiment of the lab is run by the page itself: it folds the command, and its output, which gives it away. */
function unitHtml (tokens: Token[], terminals: string[]): string {
  const own = read(tokens[0]!).cgroup
  const html = tokens.map(token => {
    const { cgroup } = read(token)
    const html = blockHtml(token, terminals)
    return cgroup === own || cgroup === null ? html : `${foldingStart(cgroup)}${html}</details>\n`
  }).join('')
  const experiment = experimentOf(tokens[0]!)
  if (experiment === null) return html
  return `<div class="experiment" data-experiment="${experiment}">\n<details class="terminal" open>` +
    `<summary>In a terminal</summary>\n${html}</details>\n</div>\n`
}

function blockHtml (token: Token, terminals: string[]): string {
  const { language, terminal } = read(token)
  // An empty step only waits for what runs in the other terminal.
  if (token.content.trim() === '') return ''
  if (language === 'text' || language === '') {
    return `<pre class="output" tabindex="0" role="group" aria-label="Output">${escaped(token.content)}</pre>\n`
  }
  const text = token.content.trimEnd()
  const code = `<code>${highlighted(text, language) ?? escaped(text)}</code>`
  if (language !== 'bash') return `<pre class="code" tabindex="0" role="group" aria-label="Code">${code}</pre>\n`
  const address = loadAddressIn(token.content)
  return `<div class="step">${placeHtml(terminal, terminals)}<pre>${code}</pre>` +
    `${address === null ? '' : `<p class="open"><a href="${escaped(address)}">Open in Load</a></p>`}</div>\n`
}

const places = ['In another terminal', 'In a third terminal', 'In a fourth terminal']

function placeHtml (terminal: string | null, terminals: string[]): string {
  if (terminal === null) return ''
  if (!terminals.includes(terminal)) terminals.push(terminal)
  return `<p class="place">${places[terminals.indexOf(terminal)] ?? `In the terminal “${escaped(terminal)}”`}</p>`
}

function foldingStart (cgroup: string): string {
  return `<details class="version" data-cgroup="${cgroup}" open><summary>On cgroup ${cgroup}</summary>\n`
}
