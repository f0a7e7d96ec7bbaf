import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { CgroupVersion } from './attributes.ts'
import type { Chapter } from './chapter.ts'
import type { Problem } from './problem.ts'

const run = promisify(execFile)

/** What a chapter may find here or not. */
export interface Machine {
  isRoot: boolean
  cgroup: CgroupVersion
  /** Whether a command succeeds here. */
  succeeds: (command: string, ...args: string[]) => Promise<boolean>
}

type Requirement = (machine: Machine) => Promise<string | null>

/** For each name of `needs:` the reason why it is not met, or `null`. */
const requirements: Record<string, Requirement> = {
  root: async ({ isRoot }) => isRoot ? null : 'it needs root',
  'cgroup-v1': async ({ cgroup }) => cgroup === 'v1' ? null : 'it needs cgroup v1, and this machine has v2',
  'cgroup-v2': async ({ cgroup }) => cgroup === 'v2' ? null : 'it needs cgroup v2, and this machine has v1',
  namespaces: async ({ succeeds }) =>
    await succeeds('unshare', '--user', '--map-root-user', '--pid', '--fork', 'true')
      ? null
      : 'this user may not make namespaces (unshare --user)',
  busybox: async ({ succeeds }) => await succeeds('busybox', 'true') ? null : 'busybox is not installed'
}

/** The reasons why a chapter cannot run here, or `null`. @throws Error for a requirement that nobody knows */
export async function missing (needs: string[], machine: Machine): Promise<string | null> {
  const reasons = await Promise.all(needs.map(name => {
    if (!Object.hasOwn(requirements, name)) throw new Error(unknownRequirement(name))
    return requirements[name]!(machine)
  }))
  return reasons.filter(reason => reason !== null).join('; ') || null
}

/** A requirement that nobody knows would never be met, or always. */
export function unknownNeeds ({ path, meta }: Pick<Chapter, 'path' | 'meta'>): Problem[] {
  const unknown = (meta?.needs ?? []).filter(name => !Object.hasOwn(requirements, name))
  return unknown.map(name => ({ path, line: meta!.line, message: unknownRequirement(name), details: [] }))
}

function unknownRequirement (name: string): string {
  return `unknown requirement ${JSON.stringify(name)}; there are ${Object.keys(requirements).join(', ')}`
}

export async function thisMachine (): Promise<Machine> {
  const { stdout } = await run('docker', ['info', '--format', '{{.CgroupVersion}}'])
  return {
    isRoot: process.getuid?.() === 0,
    cgroup: stdout.trim() === '1' ? 'v1' : 'v2',
    succeeds: (command, ...args) => run(command, args).then(() => true, () => false)
  }
}
