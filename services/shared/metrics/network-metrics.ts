import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Counter, type Registry } from 'prom-client'

/**
 * No cgroup file counts network bytes; /proc/net/dev does, for the network namespace of whoever reads it. So each
 * service reports its own, where it has one, under cAdvisor's names.
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
        name: `container_network_${name}_total`, help: `${help}, by interface.`, labelNames: ['interface', 'container', 'name', 'namespace'], registers: [registry]
      })
    }))
  }

  update (labels: { container: string, name: string, namespace: string }, interfaces?: Interface[]): void {
    // Before they are read: if that fails, nothing stale is told.
    for (const { counter } of this.#counters) counter.reset()
    const current = interfaces ?? readInterfaces()
    for (const { counter, column } of this.#counters) {
      for (const { name, values } of current) counter.inc({ ...labels, interface: name }, values[column]!)
    }
  }
}

/**
 * `null`: the network this process sees is not its own, and to tell its bytes as those of one container would be false.
 *
 * `hasNone`: whoever started this process gave it no network namespace. A container that was given the host's network
 * (`network_mode: host`) shows it by itself: the kernel makes the settings of all networks together,
 * `net.core.netdev_max_backlog` among them, visible in the first namespace only (net/core/sysctl_net_core.c).
 * /proc/sys/net is of the network namespace of who looks, unlike /sys/class/net, which is of who mounted it. What kind
 * of interface there is tells less: a container may have a card of its own, a tunnel or a bridge.
 */
export function ownNetwork (hasNone: boolean, registry: Registry, sysctl = '/proc/sys/net/core'): NetworkMetrics | null {
  return hasNone || existsSync(join(sysctl, 'netdev_max_backlog')) ? null : new NetworkMetrics(registry)
}

interface Interface { name: string, values: number[] }

function readInterfaces (): Interface[] {
  return parseNetDev(readFileSync('/proc/net/dev', 'utf8'))
}

/** Loopback is left out, as cAdvisor does. */
export function parseNetDev (text: string): Interface[] {
  return text.split('\n').slice(2).flatMap(line => {
    const [name = '', rest = ''] = line.split(':')
    const values = rest.trim().split(/\s+/).map(Number)
    return name === '' || name.trim().startsWith('lo') || values.length < 12 || values.some(Number.isNaN) ? [] : [{ name: name.trim(), values }]
  })
}
