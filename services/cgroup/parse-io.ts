/**
 * What a cgroup read from and wrote to block devices. These are counters since the cgroup was made.
 *
 * v2 `io.stat`, one line per device (cgroup-v2.rst, "IO Interface Files"):
 *
 *     254:0 rbytes=42283008 wbytes=41943040 rios=69 wios=56 dbytes=0 dios=0
 *
 * v1 `blkio.throttle.io_service_bytes_recursive` (bytes) and `…io_serviced_recursive` (operations), one line per device
 * and kind, a `Total` last; `Total 0` alone is a cgroup without IO (cgroup-v1/blkio-controller.rst):
 *
 *     254:0 Read 42283008
 *     254:0 Write 41943040
 *     Total 121974784
 */
import { parseCount, takeOrThrow, type TakeValue } from './parse.ts'
import type { IoDevice } from './reading.ts'

type Counter = 'readBytes' | 'writeBytes' | 'readOps' | 'writeOps' | 'discardBytes'

const countersV2 = new Map<string, Counter>([
  ['rbytes', 'readBytes'], ['wbytes', 'writeBytes'], ['rios', 'readOps'], ['wios', 'writeOps'], ['dbytes', 'discardBytes']
])
const bytesV1 = new Map<string, Counter>([['Read', 'readBytes'], ['Write', 'writeBytes'], ['Discard', 'discardBytes']])
const opsV1 = new Map<string, Counter>([['Read', 'readOps'], ['Write', 'writeOps']])

/**
 * Kernels print odd lines here. Several ids may precede one set of keys: devices without numbers have lost the end of
 * their line, and the keys belong to the last id. An id with nothing after it, or `(unknown)` for a removed device, is
 * skipped. Unknown keys (`cost.usage`, `dios`) are skipped too; a known key without a number is refused.
 */
export function parseIoStat (text: string, take: TakeValue = takeOrThrow): IoDevice[] {
  const devices: IoDevice[] = []
  for (const line of text.split('\n')) {
    const device = parseLineV2(line, take)
    if (device !== null) devices.push(device)
  }
  return devices
}

function parseLineV2 (line: string, take: TakeValue): IoDevice | null {
  let device: IoDevice | null = null
  let hasCounters = false
  for (const word of line.split(' ')) {
    if (word === '') continue
    const equals = word.indexOf('=')
    if (equals === -1) {
      device = deviceOf(word)
      continue
    }
    const counter = countersV2.get(word.slice(0, equals))
    if (device === null || counter === undefined) continue
    device[counter] = take(`${device.major}:${device.minor} ${word.slice(0, equals)}`, word.slice(equals + 1), parseCount)
    hasCounters = true
  }
  return hasCounters ? device : null
}

/** v1: bytes read and written. */
export function parseBlkioBytes (text: string, take: TakeValue = takeOrThrow): IoDevice[] {
  return parseTable(text, bytesV1, take)
}

/** v1: numbers of reads and writes. */
export function parseBlkioOps (text: string, take: TakeValue = takeOrThrow): IoDevice[] {
  return parseTable(text, opsV1, take)
}

function parseTable (text: string, counters: Map<string, Counter>, take: TakeValue): IoDevice[] {
  const devices = new Map<string, IoDevice>()
  for (const line of text.split('\n')) {
    const [id = '', kind = '', count = ''] = line.split(' ')
    const counter = counters.get(kind)
    if (counter === undefined) continue
    const device = devices.get(id) ?? deviceOf(id)
    if (device === null) continue
    device[counter] = take(`${id} ${kind}`, count, parseCount)
    devices.set(id, device)
  }
  return [...devices.values()]
}

/** Joins the two v1 tables into one list. A missing table is `null`; if both are missing, there is no controller. */
export function joinTables (bytes: IoDevice[] | null, ops: IoDevice[] | null): IoDevice[] | null {
  if (bytes === null || ops === null) return bytes ?? ops
  const inBoth = bytes.map(device => {
    const { readOps = null, writeOps = null } = ops.find(other => isSame(device, other)) ?? {}
    return { ...device, readOps, writeOps }
  })
  return [...inBoth, ...ops.filter(device => !bytes.some(other => isSame(device, other)))]
}

function isSame (a: IoDevice, b: IoDevice): boolean {
  return a.major === b.major && a.minor === b.minor
}

/** `254:0` → a device without any counts yet; `null` if this is no device id. */
function deviceOf (id: string): IoDevice | null {
  const match = /^(\d+):(\d+)$/.exec(id)
  if (match === null) return null
  const nothing = { readBytes: null, writeBytes: null, readOps: null, writeOps: null, discardBytes: null }
  return { major: Number(match[1]), minor: Number(match[2]), ...nothing }
}
