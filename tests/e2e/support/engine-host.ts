import { docker } from './docker.ts'
import { inspect, stack, type Service } from './stack.ts'

/**
 * Starts a container that sees the processes, the network and the cgroups of the engine's host. So the tests need no
 * root here, and work if the engine is in a virtual machine.
 */
export async function startEngineHost (): Promise<void> {
  await docker(['run', '--detach', '--rm', '--init', '--name', engineHostName(stack().project),
    '--pid', 'host', '--network', 'host', '--cgroupns', 'host', '--volume', '/sys/fs/cgroup:/cgroup:ro',
    '--user', '0', '--cap-drop', 'ALL', '--cap-add', 'KILL', '--entrypoint', 'sleep', 'redis:8-trixie', 'infinity'])
}

export function engineHostName (project: string): string {
  return `${project}-engine-host`
}

/** Runs a bash script there; `args` are its $1, $2 … */
export function onEngineHost (script: string, ...args: string[]): Promise<string> {
  return docker(['exec', engineHostName(stack().project), 'bash', '-c', script, 'bash', ...args])
}

/**
 * Sends SIGKILL to a container's first process, as the kernel would. `docker kill` would count as a stop by the user,
 * after which the restart policy does nothing.
 */
export async function killPid1 (service: Service): Promise<void> {
  const { State } = await inspect(service)
  if (State.Pid === 0) throw new Error(`${service} does not run: ${State.Status}`)
  await onEngineHost('kill -9 "$1"', String(State.Pid))
}

/** The arguments of every process of the host, looked at several times: some processes live for milliseconds. */
export async function processArguments (times: number): Promise<string> {
  const look = 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "; echo'
  return onEngineHost(`for ((i = 0; i < $1; i++)); do ${look}; done`, String(times))
}

/** `/proc/<pid>/status` of a container's first process: what the kernel says about its user and capabilities. */
export async function pid1Status (service: Service): Promise<Map<string, string>> {
  const { State } = await inspect(service)
  const text = await onEngineHost('cat "/proc/$1/status"', String(State.Pid))
  return new Map(text.trim().split('\n').map(line => line.split(':\t') as [string, string]))
}
