/** How a line looks. Pure. */
import { numberOf } from '#lab/web/order.ts'

/** How a line looks, in the chart and beside its name. */
export interface LineStyle { colour: string, dash: number[] }

/** One colour a service; further copies of it are dashed, each in its own way. */
export function styleIn (services: string[]): (container: { service: string, name: string }) => LineStyle {
  return ({ service, name }) => {
    const copy = numberOf(name)
    const place = services.includes(service) ? services.indexOf(service) : services.length
    return { colour: `--series-${place % 6}`, dash: copy > 1 ? [2 + copy * 2, 3] : [] }
  }
}
