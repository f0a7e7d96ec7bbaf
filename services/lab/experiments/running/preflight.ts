import type { JobsView, Sample } from '#lab/wire/live.ts'

/** What keeps an experiment from being one: it needs a stack that is whole and at rest. Empty: nothing. */
export function whatIsWrong ({ containers }: Sample, { services, queue }: JobsView, expected: string[]): string[] {
  const wrong = expected.flatMap(service => wrongWith(service, containers.filter(container => container.service === service)))
  for (const [service, state] of Object.entries(services)) {
    if (state === 'down') wrong.push(`${service} does not answer`)
  }
  if (queue === null) wrong.push('nobody can say what is in the queue')
  else if (queue.waiting + queue.active > 0) wrong.push(`there are jobs: ${queue.waiting} waiting, ${queue.active} running`)
  return wrong
}

function wrongWith (service: string, containers: Sample['containers']): string[] {
  const present = containers.filter(({ state }) => state !== 'gone')
  if (present.length === 0) return [`${service} has no container`]
  if (present.length > 1) return [`${service} has ${present.length} containers, and an experiment watches one`]
  const { state } = present[0]!
  if (state === 'empty') return [`${service} has a cgroup, and no process in it`]
  return state === 'restarting' ? [`${service} is restarting`] : []
}
