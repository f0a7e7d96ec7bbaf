import type { Experiment } from '#lab/experiments/experiment.ts'
import type { Requirement } from '#lab/wire/live.ts'

const reasons: Record<Requirement, string> = {
  cgroups: 'The lab sees no cgroups here, so nothing can be measured',
  limits: 'The services run without limits here, because no cgroup may be written to',
  namespaces: 'The services are plain processes here, in the namespaces of the host (npm start -- --namespaces gives each its own)',
  shm: 'The experiment fills a tmpfs, and /dev/shm has too little room for that here (df /dev/shm; 128 MiB are enough)',
  network: 'The services are plain processes here, in the network of the host',
  image: 'The services are plain processes here, on the file system of the host: there is no image'
}

/** Why this experiment cannot be done here. `null`: it can. */
export function whyUnsupported ({ requires = [] }: Experiment, missing: Requirement[]): string | null {
  const unmet = (['cgroups', 'limits', ...requires] as const).find(requirement => missing.includes(requirement))
  return unmet === undefined ? null : `${reasons[unmet]}.`
}
