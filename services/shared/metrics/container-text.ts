import type { EffectiveLimits, IoDevice, Reading } from '#cgroup/reading.ts'
import type { Identity } from '#shared/process/identity.ts'
import { containerSeries, type SeriesType } from './container-series.ts'

/** What is known about one container at the moment of a scrape. */
export interface ScrapedContainer {
  identity: Identity
  /** Path of its cgroup from the host's root; cAdvisor's `id`. */
  id: string
  reading: Reading
  effective: EffectiveLimits | null
  startedAtMs: number | null
}

type Labels = Record<string, string>
interface Family { type: SeriesType, help: string, lines: string[] }

/**
 * Formats containers in Prometheus' text format 0.0.4, under cAdvisor's names and labels, and with the labels that
 * Kubernetes' rules select on, so that existing dashboards and alerts work. If the kernel does not give a value, its
 * series is missing.
 *
 * This does not use the metrics library: the library keeps each of these numbers a second time under a hash of its
 * eleven labels, and that was most of the cost of a scrape.
 */
export function containerText (containers: ScrapedContainer[]): string {
  const families = new Families()
  for (const container of containers) addContainer(families, container)
  return families.text()
}

class Families {
  readonly #families = new Map<string, Family>()

  add (name: string, type: Family['type'], help: string, labels: string, value: number | null): void {
    if (value === null) return
    let family = this.#families.get(name)
    if (family === undefined) this.#families.set(name, family = { type, help, lines: [] })
    family.lines.push(`${name}{${labels}} ${value}`)
  }

  text (): string {
    let text = ''
    for (const [name, { type, help, lines }] of this.#families) {
      text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`
    }
    return text
  }
}

function addContainer (families: Families, container: ScrapedContainer): void {
  const { reading, effective, startedAtMs } = container
  const labels = labelText(labelsOf(container))
  for (const { name, type, help, value, labels: extra } of containerSeries) {
    families.add(name, type, help, extra ? `${labels},${labelText(extra)}` : labels, value(reading))
  }
  families.add(
    'container_last_seen',
    'gauge',
    'When the container was read, Unix time.',
    labels,
    reading.takenAtMs / 1000
  )
  families.add(
    'container_start_time_seconds',
    'gauge',
    'When the container started, Unix time.',
    labels,
    startedAtMs === null ? null : startedAtMs / 1000
  )
  for (const device of reading.io ?? []) addDevice(families, labels, device)
  if (effective !== null) addEffective(families, labels, effective)
}

function addDevice (families: Families, labels: string, io: IoDevice): void {
  const device = `${labels},device="${io.major}:${io.minor}"`
  const counter = (name: string, help: string, labels: string, value: number | null): void =>
    families.add(name, 'counter', help, labels, value)
  counter('container_fs_reads_bytes_total', 'Bytes read, by device.', device, io.readBytes)
  counter('container_fs_writes_bytes_total', 'Bytes written, by device.', device, io.writeBytes)
  counter('container_fs_reads_total', 'Reads, by device.', device, io.readOps)
  counter('container_fs_writes_total', 'Writes, by device.', device, io.writeOps)
  const numbers = `${device},major="${io.major}",minor="${io.minor}"`
  const name = 'container_blkio_device_usage_total'
  const help = 'Bytes by device and operation.'
  counter(name, help, `${numbers},operation="Read"`, io.readBytes)
  counter(name, help, `${numbers},operation="Write"`, io.writeBytes)
  counter(name, help, `${numbers},operation="Discard"`, io.discardBytes)
}

const SMALLEST = 'The smallest of the container\'s own, its ancestors\' and the host\'s'

function addEffective (families: Families, labels: string, { cpuCores, memory, pids }: EffectiveLimits): void {
  const gauge = (name: string, what: string, from: string, value: number): void =>
    families.add(name, 'gauge', `${SMALLEST} ${what}.`, `${labels},from="${from}"`, value)
  if (cpuCores) gauge('limits_lab_cpu_effective_limit_cores', 'CPU limits', cpuCores.from, cpuCores.cores)
  if (memory) gauge('limits_lab_memory_effective_limit_bytes', 'memory limits', memory.from, memory.bytes)
  if (pids) gauge('limits_lab_pids_effective_limit', 'limits of tasks', pids.from, pids.max)
}

/** Always returns all labels: to PromQL an empty label is the same as none, and so every series has one set. */
function labelsOf ({ id, identity: { project, service, name, number, image } }: ScrapedContainer): Labels {
  return {
    id,
    name,
    image,
    container: service,
    pod: name,
    namespace: project,
    container_label_com_docker_compose_project: project,
    container_label_com_docker_compose_service: service,
    container_label_com_docker_compose_container_number: number
  }
}

function labelText (labels: Labels): string {
  return Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')
}

function escapeLabel (value: string): string {
  return /[\\"\n]/.test(value) ? value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n') : value
}
