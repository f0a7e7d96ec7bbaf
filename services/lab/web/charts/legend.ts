import { el, keepChildren, setText } from '#lab/web/dom.ts'
import { numberOf } from '#lab/web/order.ts'

/** How a line looks, in the chart and beside its name. */
export interface LineStyle { colour: string, dash: number[] }

export interface LegendEntry { key: string, label: string, value: string, style: LineStyle }

/** One colour a service; further copies of it are dashed, each in its own way. */
export function styleIn (services: string[]): (container: { service: string, name: string }) => LineStyle {
  return ({ service, name }) => {
    const copy = numberOf(name)
    const place = services.includes(service) ? services.indexOf(service) : services.length
    return { colour: `--series-${place % 6}`, dash: copy > 1 ? [2 + copy * 2, 3] : [] }
  }
}

/** The values of the lines in words: for those who do not see them, and for everybody who wants the exact value. */
export function showLegend (host: HTMLElement, entries: LegendEntry[]): void {
  const rows = keepChildren(host, entries, ({ key }) => key, legendRow)
  for (const [i, row] of rows.entries()) {
    const { label, value, style: { colour, dash } } = entries[i]!
    const [sample, labelWords, valueWords] = row.children as unknown as [HTMLElement, HTMLElement, HTMLElement]
    sample.style.borderTopColor = `var(${colour})`
    sample.style.borderTopStyle = dash.length > 0 ? 'dashed' : 'solid'
    setText(labelWords, label)
    setText(valueWords, value)
  }
}

function legendRow (): HTMLElement {
  return el('li', '', el('span', 'stroke-sample'), el('span', 'label'), el('span', 'value'))
}
