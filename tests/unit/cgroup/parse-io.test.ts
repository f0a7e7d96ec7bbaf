import { expect, test } from '@jest/globals'
import { joinTables, parseBlkioBytes, parseBlkioOps, parseIoStat } from '#cgroup/parse-io.ts'

const silent = { readBytes: null, writeBytes: null, readOps: null, writeOps: null, discardBytes: null }
const sda = { major: 8, minor: 0, readBytes: 1, writeBytes: 2, readOps: 3, writeOps: 4, discardBytes: 5 }

test.each([
  ['one device', '8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n', [sda]],
  ['another order and unknown keys', '8:0 wios=4 cost.usage=9 dbytes=5 rios=3 wbytes=2 rbytes=1\n', [sda]],
  ['two devices', '8:0 rbytes=1\n8:16 wbytes=2\n', [{ ...silent, major: 8, minor: 0, readBytes: 1 }, { ...silent, major: 8, minor: 16, writeBytes: 2 }]],
  ['ids of silent devices glued in front', '7:7 7:6 7:4 rbytes=28672\n', [{ ...silent, major: 7, minor: 4, readBytes: 28672 }]],
  ['an id with nothing after it', '8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 \n252:0 ', [sda]],
  ['a device that is gone', '(unknown) rbytes=9 wbytes=9\n8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5\n', [sda]],
  ['a device that is gone, glued behind another', '8:0 (unknown) rbytes=9\n', []],
  ['only keys we do not know', '8:0 cost.usage=9\n', []],
  ['nothing', '', []]
])('parseIoStat of %s', (_case, text, devices) => {
  expect(parseIoStat(text)).toEqual(devices)
})

test('parseIoStat refuses a known key without a number', () => {
  expect(() => parseIoStat('8:0 rbytes=lots\n')).toThrow('expected a whole number, got "lots"')
})

const bytes = '8:0 Read 1\n8:0 Write 2\n8:0 Sync 3\n8:0 Async 0\n8:0 Discard 5\n8:0 Total 3\nTotal 3\n'
const ops = '8:0 Read 3\n8:0 Write 4\n8:0 Total 7\nTotal 7\n'
const sdaBytes = { ...sda, readOps: null, writeOps: null }
const sdaOps = { ...sda, readBytes: null, writeBytes: null, discardBytes: null }
const sdb = { ...silent, major: 8, minor: 16, writeOps: 1 }

test('parseBlkioBytes and parseBlkioOps of their tables have a device each', () => {
  expect([parseBlkioBytes(bytes), parseBlkioOps(ops)]).toEqual([[sdaBytes], [sdaOps]])
})

test('parseBlkioBytes of a cgroup without IO has no device', () => {
  expect(parseBlkioBytes('Total 0\n')).toEqual([])
})

test('parseBlkioBytes refuses a row without a number', () => {
  expect(() => parseBlkioBytes('8:0 Read \n')).toThrow('expected a whole number, got ""')
})

test.each([
  ['both tables', [sdaBytes], [sdaOps], [sda]],
  ['a device that is in one of them', [sdaBytes], [sdb], [sdaBytes, sdb]],
  ['no operations', [sdaBytes], null, [sdaBytes]],
  ['no bytes', null, [sdaOps], [sdaOps]],
  ['no controller', null, null, null]
])('joinTables of %s', (_case, bytesTable, opsTable, devices) => {
  expect(joinTables(bytesTable, opsTable)).toEqual(devices)
})
