/** What the steps of rendering share: comments, HTML of our own, and a problem with its line. Pure. */
import MarkdownIt, { type Token } from 'markdown-it'

const markdown = new MarkdownIt()
const { Token: AnyToken } = new markdown.core.State('', markdown, {})

export interface Size { width: number, height: number }

export interface Comment { name: string, text: string }

/** `<!-- name … -->` or `<!-- name: … -->`, alone. */
export function commentIn ({ type, content }: Token): Comment | null {
  const [, name, text] = type === 'html_block' || type === 'html_inline'
    ? /^\s*<!--\s*([\w-]+):?([^]*?)-->\s*$/.exec(content) ?? []
    : []
  return name === undefined ? null : { name, text: text! }
}

export function htmlToken (html: string): Token {
  const token = new AnyToken('html_block', '', 0)
  token.content = html
  return token
}

const charts = ['memory', 'cpu', 'throttled', 'pids']

/** `card: worker` and `chart: worker memory`: here the page shows how the container is. */
export function liveHtml ({ name, text }: Comment, token: Token): string {
  const [service = '', chart, ...rest] = text.trim().split(/\s+/)
  const isWhole = name === 'card' ? chart === undefined : charts.includes(chart ?? '') && rest.length === 0
  if (!/^[a-z][a-z0-9-]*$/.test(service) || !isWhole) throw problemAt(token, `${name}: ${text.trim()} is none`)
  const attributes = `data-live="${name}" data-service="${escaped(service)}"${chart ? ` data-chart="${chart}"` : ''}`
  return `<aside class="live" ${attributes}></aside>\n`
}

export function problemAt ({ map }: { map?: Token['map'] }, text: string): Error {
  return new Error(map ? `line ${map[0] + 1}: ${text}` : text)
}

export function escaped (text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
