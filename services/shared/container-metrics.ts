import { Counter, Gauge, type Registry } from 'prom-client'
import type { EffectiveLimits, IoDevice, Reading } from '../cgroup/reading.ts'
import { containerSeries } from './container-series.ts'
import type { Identity } from './identity.ts'

/** What is known about one container at the moment of a scrape. */
export interface ContainerState {
  identity: Identity
  /** Path of its cgroup from the host's root; cAdvisor's `id`. */
  id: string
  reading: Reading
  effective: EffectiveLimits | null
  startedAtMs: number | null
}

type Labels = Record<string, string>
type Metric = Counter | Gauge

const own = ['id', 'name', 'image', 'container', 'pod', 'namespace',
  'container_label_com_docker_compose_project', 'container_label_com_docker_compose_service',
  'container_label_com_docker_compose_container_number']

/**
 * Container metrics under cAdvisor's names and labels, and with the labels Kubernetes rules select on, so that
 * dashboards and alerts people already have work. A value the kernel does not give is a series that is not there.
 */
export class ContainerMetrics {
  readonly #registry: Registry
  readonly #metrics = new Map<string, Metric>()

  constructor (registry: Registry) {
    this.#registry = registry
    for (const { name, help, type, labels = {} } of containerSeries) this.#define(name, help, type, Object.keys(labels))
    this.#define('container_last_seen', 'When the container was read, Unix time.', 'gauge')
    this.#define('container_start_time_seconds', 'When the container started, Unix time.', 'gauge')
    for (const name of ['reads', 'writes']) {
      this.#define(`container_fs_${name}_bytes_total`, `Bytes in ${name}, by device.`, 'counter', ['device'])
      this.#define(`container_fs_${name}_total`, `Number of ${name}, by device.`, 'counter', ['device'])
    }
    this.#define('container_blkio_device_usage_total', 'Bytes by device and operation.', 'counter', ['device', 'major', 'minor', 'operation'])
    this.#define('limits_lab_cpu_effective_limit_cores', 'The smallest CPU limit of the container, its ancestors and the host.', 'gauge', ['from'])
    this.#define('limits_lab_memory_effective_limit_bytes', 'The smallest memory limit of the container, its ancestors and the host.', 'gauge', ['from'])
    this.#define('limits_lab_pids_effective_limit', 'The smallest limit of tasks of the container, its ancestors and the host.', 'gauge', ['from'])
  }

  /** Replaces everything by these containers, all from one snapshot; who is not among them is gone. */
  update (containers: ContainerState[]): void {
    for (const metric of this.#metrics.values()) metric.reset()
    for (const container of containers) this.#add(container, labelsOf(container))
  }

  #add ({ reading, effective, startedAtMs }: ContainerState, labels: Labels): void {
    for (const { name, value, labels: extra } of containerSeries) this.#set(name, value(reading), { ...labels, ...extra })
    this.#set('container_last_seen', reading.takenAtMs / 1000, labels)
    this.#set('container_start_time_seconds', startedAtMs === null ? null : startedAtMs / 1000, labels)
    for (const device of reading.io ?? []) this.#addDevice(device, labels)
    if (effective !== null) this.#addEffective(effective, labels)
  }

  #addDevice (io: IoDevice, labels: Labels): void {
    const device = `${io.major}:${io.minor}`
    this.#set('container_fs_reads_bytes_total', io.readBytes, { ...labels, device })
    this.#set('container_fs_writes_bytes_total', io.writeBytes, { ...labels, device })
    this.#set('container_fs_reads_total', io.readOps, { ...labels, device })
    this.#set('container_fs_writes_total', io.writeOps, { ...labels, device })
    const byOperation = { ...labels, device, major: String(io.major), minor: String(io.minor) }
    this.#set('container_blkio_device_usage_total', io.readBytes, { ...byOperation, operation: 'Read' })
    this.#set('container_blkio_device_usage_total', io.writeBytes, { ...byOperation, operation: 'Write' })
  }

  #addEffective ({ cpuCores, memory, pids }: EffectiveLimits, labels: Labels): void {
    if (cpuCores) this.#set('limits_lab_cpu_effective_limit_cores', cpuCores.cores, { ...labels, from: cpuCores.from })
    if (memory) this.#set('limits_lab_memory_effective_limit_bytes', memory.bytes, { ...labels, from: memory.from })
    if (pids) this.#set('limits_lab_pids_effective_limit', pids.max, { ...labels, from: pids.from })
  }

  #define (name: string, help: string, type: 'counter' | 'gauge', labelNames: string[] = []): void {
    if (this.#metrics.has(name)) return
    const Type = type === 'counter' ? Counter : Gauge
    this.#metrics.set(name, new Type({ name, help, labelNames: [...own, ...labelNames], registers: [this.#registry] }))
  }

  /** Counters are set to the kernel's absolute value: everything was reset before. */
  #set (name: string, value: number | null, labels: Labels): void {
    if (value !== null) this.#metrics.get(name)!.inc(labels, value)
  }
}

function labelsOf ({ id, identity: { project, service, name, number, image } }: ContainerState): Labels {
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
