import type { Cgroup } from '#cgroup/cgroup.ts'
import { listContainers } from '#cgroup/containers.ts'
import { cgroupAt } from '#cgroup/locate.ts'
import { docker } from './stack.ts'

const ROOT = '/sys/fs/cgroup'

/** The cgroup of a service's only container. The kernel's files are read from outside: asking inside would cost. */
export async function cgroupOf (project: string, service: string): Promise<Cgroup> {
  const id = await docker('inspect', '--format', '{{.Id}}', `${project}-${service}-1`)
  const container = listContainers(ROOT).find(container => container.id === id)
  if (container === undefined) {
    throw new Error(`the cgroup of ${service} is not below ${ROOT}: is the engine in a virtual machine?`)
  }
  return cgroupAt(ROOT, container.path)
}
