import { el, keepChildren, setText } from '#lab/web/dom.ts'
import type { LineStyle } from './line-style.ts'

export interface LegendEntry { key: string, label: string, value: string, style: LineStyle }

/** The values of the lines in words: for those who do not see them, and for everybody who wants the exact value. */
export function showLegend (host: HTMLElement, entries: LegendEntry[]): void {
  const rows = keepChildren(host, entries, ({ key }) => key, legendRow)
  for (const [i, row] of rows.entries()) {
    const { label, value, style: { colour, dash } } = entries[i]!
    const [sample, labelWords, valueWords] = row.children as unknown as [HTMLElement, HTMLElement, HTMLElement]
    showStyle(sample, colour, dash.length > 0 ? 'dashed' : 'solid')
    setText(labelWords, label)
    setText(valueWords, value)
  }
}

/** A style that is set is computed anew, even where it is the same. */
function showStyle (sample: HTMLElement, colour: string, line: string): void {
  if (sample.dataset['style'] === `${colour} ${line}`) return
  sample.dataset['style'] = `${colour} ${line}`
  sample.style.borderTopColor = `var(${colour})`
  sample.style.borderTopStyle = line
}

function legendRow (): HTMLElement {
  return el('li', '', el('span', 'stroke-sample'), el('span', 'label'), el('span', 'value'))
}
