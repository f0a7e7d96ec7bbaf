import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Counter, type Registry } from 'prom-client'

/**
 * No cgroup file counts network bytes. /proc/net/dev does, for the network namespace of the process that reads it. So
 * each service reports its own network, if it has one, under cAdvisor's names.
 *
 *     Inter-|   Receive                                                |  Transmit
 *      face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop …
 *       eth0:   12345      67    0    0    0     0          0         0     8910      11    0    0 …
 */
const columns = [
  { name: 'receive_bytes', help: 'Bytes received', column: 0 },
  { name: 'receive_packets', help: 'Packets received', column: 1 },
  { name: 'receive_errors', help: 'Errors while receiving', column: 2 },
  { name: 'receive_packets_dropped', help: 'Packets dropped while receiving', column: 3 },
  { name: 'transmit_bytes', help: 'Bytes sent', column: 8 },
  { name: 'transmit_packets', help: 'Packets sent', column: 9 },
  { name: 'transmit_errors', help: 'Errors while sending', column: 10 },
  { name: 'transmit_packets_dropped', help: 'Packets dropped while sending', column: 11 }
]

export class NetworkMetrics {
  readonly #counters: Array<{ counter: Counter, column: number }>

  constructor (registry: Registry) {
    this.#counters = columns.map(({ name, help, column }) => ({
      column,
      counter: new Counter({
        name: `container_network_${name}_total`,
        help: `${help}, by interface.`,
        labelNames: ['interface', 'container', 'name', 'namespace'],
        registers: [registry]
      })
    }))
  }

  update (labels: { container: string, name: string, namespace: string }, interfaces?: Interface[]): void {
    // Resets the counters before reading: if that fails, no stale values are reported.
    for (const { counter } of this.#counters) counter.reset()
    const current = interfaces ?? readInterfaces()
    for (const { counter, column } of this.#counters) {
      for (const { name, values } of current) counter.inc({ ...labels, interface: name }, values[column]!)
    }
  }
}

/**
 * `null`: this process sees a network that is not its own, and must not report its bytes as those of one container.
 *
 * `hasNone` says that this process was started without a network namespace of its own. A container with the host's
 * network (`network_mode: host`) can be recognised: the kernel shows the settings of all networks together, such as
 * `net.core.netdev_max_backlog`, only in the first namespace (net/core/sysctl_net_core.c). /proc/sys/net belongs to the
 * network namespace of the process that reads it, while /sys/class/net belongs to that of the process that mounted it.
 * The kind of interface proves less: a container may have a card of its own, a tunnel or a bridge.
 */
export function ownNetwork (
  hasNone: boolean, registry: Registry, sysctl = '/proc/sys/net/core'
): NetworkMetrics | null {
  return hasNone || existsSync(join(sysctl, 'netdev_max_backlog')) ? null : new NetworkMetrics(registry)
}

interface Interface { name: string, values: number[] }

function readInterfaces (): Interface[] {
  return parseNetDev(readFileSync('/proc/net/dev', 'utf8'))
}

/** Leaves out loopback, as cAdvisor does. */
export function parseNetDev (text: string): Interface[] {
  return text
    .split('\n')
    .slice(2)
    .flatMap(line => {
      const [name = '', rest = ''] = line.split(':')
      const values = rest.trim().split(/\s+/).map(Number)
      return name === '' || name.trim().startsWith('lo') || values.length < 12 || values.some(Number.isNaN)
        ? []
        : [{ name: name.trim(), values }]
    })
}
