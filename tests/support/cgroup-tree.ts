import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Fault } from '#cgroup/fault.ts'

/** The id in the fixtures' paths differs from case to case; tests that make their own tree use these. */
export const idA = 'a'.repeat(64)
export const idB = 'b'.repeat(64)

/** A directory of cgroup files; its name is the case. */
export function fixture (name: string): string {
  return new URL(`../fixtures/cgroup/${name}`, import.meta.url).pathname
}

const made: string[] = []

/** Makes a tree of files from their paths and texts; `null` makes an empty directory. */
export function makeTree (files: Record<string, string | null>): string {
  const root = mkdtempSync(join(tmpdir(), 'cgroup-'))
  made.push(root)
  for (const [path, text] of Object.entries(files)) write(root, path, text)
  return root
}

export function write (root: string, path: string, text: string | null): void {
  const target = join(root, path)
  mkdirSync(text === null ? target : dirname(target), { recursive: true })
  if (text !== null) writeFileSync(target, text)
}

/** Puts a fixture under a path of a tree. */
export function place (root: string, path: string, name: string): void {
  cpSync(fixture(name), join(root, path), { recursive: true })
}

export function removeTrees (): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true })
}

/** 6 GiB of memory, no swap. */
export const procOfHost = {
  meminfo: 'MemTotal:        6291456 kB\nMemFree:         5608448 kB\nSwapTotal:             0 kB\nHugePages_Total:       0\n',
  'sys/kernel/pid_max': '4194304\n',
  'sys/kernel/threads-max': '47386\n',
  'sys/kernel/hostname': 'lab\n',
  'self/mountinfo': '22 1 254:0 / / rw - ext4 /dev/vda rw\n',
  'self/cgroup': '0::/\n'
}

export function faultText ({ path, key, error }: Fault): string {
  return `${path} ${key}: ${error.message}`
}
