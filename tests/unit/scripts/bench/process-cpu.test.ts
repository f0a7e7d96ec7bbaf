import { expect, test } from '@jest/globals'
import { parseProcessStat, treeCpuSeconds, treeTicks, type ProcessStat } from '#scripts/bench/process-cpu.ts'

const zeros = (count: number): string => Array<string>(count).fill('0').join(' ')

test.each(['node', 'a (b) c', 'tmux: server', ') S 1'])('the stat of a process called %s is read after the name', name => {
  const text = `42 (${name}) S 7 ${zeros(9)} 30 12 5 4 ${zeros(35)}\n`
  expect(parseProcessStat(text)).toEqual({ pid: 42, parentPid: 7, ticks: 42, endedChildrenTicks: 9 })
})

test('a tree has used what its processes and their ended children have used, and nothing of others', () => {
  const processes: ProcessStat[] = [
    { pid: 1, parentPid: 0, ticks: 1000, endedChildrenTicks: 1000 },
    { pid: 10, parentPid: 1, ticks: 5, endedChildrenTicks: 2 },
    { pid: 11, parentPid: 10, ticks: 3, endedChildrenTicks: 0 },
    { pid: 12, parentPid: 11, ticks: 1, endedChildrenTicks: 1 },
    { pid: 20, parentPid: 1, ticks: 50, endedChildrenTicks: 0 }
  ]
  expect(treeTicks(processes, 10)).toBe(12)
})

test('a tree without its first process has no figure', () => {
  expect(() => treeTicks([], 10)).toThrow('there is no process 10')
})

test('the CPU time of this process is at least what Node says that it used before, in hundredths of a second', () => {
  const { user, system } = process.cpuUsage()
  expect(treeCpuSeconds(process.pid)).toBeGreaterThanOrEqual((user + system) / 1e6 - 0.02)
})
