import { api } from './api.ts'
import { parseExposition, type Sample } from './exposition.ts'
import { lab } from './lab.ts'
import { compose } from './stack.ts'

type Labels = Record<string, string>

/** One scrape. */
export class Metrics {
  readonly samples: Sample[]

  constructor (samples: Sample[]) {
    this.samples = samples
  }

  all (name: string, labels: Labels = {}): Sample[] {
    const wanted = Object.entries(labels)
    return this.samples.filter(sample =>
      sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value))
  }

  /** The value of the one series with this name and these labels among its own. */
  value (name: string, labels: Labels = {}): number {
    const found = this.all(name, labels)
    if (found.length !== 1) throw new Error(`${found.length} series ${name} ${JSON.stringify(labels)}, expected one`)
    return found[0]!.value
  }

  /** The sum of a counter's series, 0 if there is none: a series appears only once it has counted something. */
  count (name: string, labels: Labels = {}): number {
    return this.all(name, labels).reduce((sum, { value }) => sum + value, 0)
  }
}

type Scraped = 'api' | 'worker' | 'lab'

/**
 * The api and the lab are scraped through their published ports. The worker has none, so it is asked inside its
 * container.
 */
export async function metrics (service: Scraped): Promise<Metrics> {
  return new Metrics(parseExposition(await metricsText(service)))
}

export async function metricsText (service: Scraped): Promise<string> {
  if (service === 'worker') return compose('exec', '-T', 'worker', 'http-get', '/metrics')
  return (await (service === 'lab' ? lab('/metrics') : api('/metrics'))).text()
}
