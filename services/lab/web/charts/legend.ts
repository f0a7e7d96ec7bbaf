import { el, keepChildren, setText } from '#lab/web/dom.ts'

/** How a line looks, in the chart and beside its name. */
export interface LineStyle { colour: string, dash: number[] }

export interface LegendEntry { key: string, label: string, value: string, style: LineStyle }

/** What the lines say, in words: for those who do not see them, and for everybody who wants to know exactly. */
export function showLegend (host: HTMLElement, entries: LegendEntry[]): void {
  const rows = keepChildren(host, entries, ({ key }) => key, () => el('li', '', el('span', 'stroke-sample'), el('span', 'who'), el('span', 'value')))
  for (const [i, row] of rows.entries()) {
    const { label, value, style: { colour, dash } } = entries[i]!
    const [sample, who, words] = row.children as unknown as [HTMLElement, HTMLElement, HTMLElement]
    sample.style.borderTopColor = `var(${colour})`
    sample.style.borderTopStyle = dash.length > 0 ? 'dashed' : 'solid'
    setText(who, label)
    setText(words, value)
  }
}
