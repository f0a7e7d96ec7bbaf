import { readFileSync } from 'node:fs'
import { Counter, type Registry } from 'prom-client'

/**
 * No cgroup file counts network bytes; /proc/net/dev does, for the network namespace of whoever reads it. So each
 * service reports its own, under cAdvisor's names.
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

  update (labels: { container: string, name: string, namespace: string }, interfaces = readInterfaces()): void {
    for (const { counter, column } of this.#counters) {
      counter.reset()
      for (const { name, values } of interfaces) counter.inc({ ...labels, interface: name }, values[column]!)
    }
  }
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
