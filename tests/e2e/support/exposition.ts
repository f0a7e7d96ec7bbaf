/** One line of the Prometheus text format. */
export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

const METRIC = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/
const LINE = new RegExp(`^(${METRIC})(?:\\{(.*)\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|\\+Inf|-Inf|NaN)$`, 'i')
const TYPES = /^(counter|gauge|histogram|summary|untyped)$/

/**
 * Parses text format 0.0.4 strictly: every line is known, every family has one HELP and one TYPE before its samples,
 * and no series occurs twice. https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseExposition (text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no line end')
  const families = new Map<string, string>()
  const series = new Set<string>()
  const samples: Sample[] = []
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue
    if (line.startsWith('# TYPE ')) { addFamily(families, line); continue }
    const sample = parseLine(line)
    refuseOrphan(families, sample.name)
    refuseTwin(series, sample)
    samples.push(sample)
  }
  return samples
}

function addFamily (families: Map<string, string>, line: string): void {
  const [, , name = '', type = ''] = line.split(' ')
  if (!TYPES.test(type) || families.has(name)) throw new Error(`a family's type is wrong or occurs twice: ${line}`)
  families.set(name, type)
}

function parseLine (line: string): Sample {
  const [, name, labels = '', value = ''] = LINE.exec(line) ?? []
  if (name === undefined) throw new Error(`not a sample: ${line}`)
  return { name, labels: parseLabels(labels), value: Number(value.replace('Inf', 'Infinity')) }
}

function parseLabels (text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  let rest = text
  while (rest !== '') {
    const [whole, name, value] = LABEL.exec(rest) ?? []
    if (whole === undefined || name! in labels) throw new Error(`not labels: {${text}}`)
    labels[name!] = value!
    rest = rest.slice(whole.length)
  }
  return labels
}

function refuseOrphan (families: Map<string, string>, name: string): void {
  const family = families.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')
  if (!families.has(family)) throw new Error(`${name} has no TYPE before it`)
}

function refuseTwin (series: Set<string>, { name, labels }: Sample): void {
  const key = JSON.stringify([name, Object.entries(labels).sort()])
  if (series.has(key)) throw new Error(`a series occurs twice: ${key}`)
  series.add(key)
}
