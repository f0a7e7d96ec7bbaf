import type { Experiment } from '#lab/experiments/experiment.ts'
import type { JobsView, Requirement, Sample } from '#lab/wire/live.ts'

const reasons: Record<Requirement, string> = {
  stack: 'The lab is attached to another project, and experiments need the services of limits-lab',
  cgroups: 'The lab sees no cgroups here, so nothing can be measured',
  limits: 'The services run without limits here, because no cgroup may be written to',
  namespaces: 'The services are plain processes here, in the namespaces of the host (npm start -- --namespaces gives each its own)',
  shm: 'The experiment fills a tmpfs, and /dev/shm has too little room for that here (df /dev/shm; 128 MiB are enough)',
  network: 'The services are plain processes here, in the network of the host',
  image: 'The services are plain processes here, on the file system of the host: there is no image',
  broker: 'Nothing here may change limits (docker compose -f compose.yaml -f compose.limits.yaml up --build --wait adds a broker, which may)'
}

/** Why this experiment cannot run here. `null`: it can. */
export function whyUnsupported ({ requires = [] }: Experiment, missing: Requirement[]): string | null {
  const unmet = (['stack', 'cgroups', 'limits', ...requires] as const)
    .find(requirement => missing.includes(requirement))
  return unmet === undefined ? null : `${reasons[unmet]}.`
}

/** Everything that keeps an experiment from starting: it needs a stack that is complete and idle. */
export function whatIsWrong ({ containers }: Sample, { services, queue }: JobsView, expected: string[]): string[] {
  const wrong = expected.flatMap(service => whatIsWrongWith(service, { containers }))
  for (const [service, state] of Object.entries(services)) {
    if (state === 'down') wrong.push(`${service} does not answer`)
  }
  if (queue === null) wrong.push('the length of the queue is not known')
  else if (queue.waiting + queue.active > 0) wrong.push(`there are jobs: ${queue.waiting} waiting, ${queue.active} running`)
  return wrong
}

/** Everything that keeps the containers of a service from being watched. */
export function whatIsWrongWith (service: string, { containers }: Pick<Sample, 'containers'>): string[] {
  const present = containers.filter(container => container.service === service && container.state !== 'gone')
  if (present.length === 0) return [`${service} has no container`]
  if (present.length > 1) return [`${service} has ${present.length} containers, and an experiment watches one`]
  const { state } = present[0]!
  if (state === 'empty') return [`${service} has a cgroup without a process`]
  return state === 'restarting' ? [`${service} is restarting`] : []
}
