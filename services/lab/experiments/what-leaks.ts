import type { Limit } from '#cgroup/reading.ts'
import { rollCall } from '#lab/experiments/acting/roll-call.ts'
import type { Evidence } from '#lab/experiments/judging/evidence.ts'
import { allAgree, repliesOf, type RollCall } from '#lab/experiments/judging/roll-call.ts'
import { cpus, mib } from '#lab/format.ts'
import type { Check } from '#lab/wire/experiments.ts'
import type { Experiment } from './experiment.ts'
import { kernelName } from './series.ts'

interface Facts { roll: RollCall }

export const whatLeaks: Experiment<Facts> = {
  id: 'what-leaks',
  topic: 'isolation',
  title: 'What shines through',
  question: 'The API may use 256 MiB and half a CPU. How much memory and how many CPUs does it see when it asks its operating system?',
  choices: [
    { id: 'limits', text: 'Its limits: 256 MiB and one CPU, rounded up.' },
    { id: 'host', text: 'All of the machine\'s; the limits are in other files.' },
    { id: 'nothing', text: 'Nothing: a container may not look at the hardware.' },
    { id: 'memory', text: 'Its own memory limit, but all CPUs of the machine.' }
  ],
  answer: 'host',
  does: 'Asks every container for its total memory, its CPUs and its kernel, and compares them with what its cgroup allows. Nothing is changed.',
  seconds: 2,
  watches: [{ service: 'api', series: ['memoryBytes'] }, { service: 'worker', series: ['memoryBytes'] }],
  ifYouSawSomethingElse: [
    'One container sees less than the others: something was mounted over its /proc/meminfo or /proc/cpuinfo, as lxcfs does.',
    'A limit is as large as the machine: then it hides nothing, and that container is not judged.'
  ],

  async act (stage) {
    const roll = await rollCall(stage)
    for (const service of ['api', 'worker', 'lab'] as const) stage.say(beliefsOf(service, roll[service].believes))
    return { roll }
  },

  judge (evidence, { roll }) {
    const memory = seenBy(roll, evidence, 'totalMemoryBytes', service => evidence.of(service).limits.memoryMaxBytes)
    const seenCpus = seenBy(roll, evidence, 'cpus', service => evidence.of(service).quotaCores)
    const { version } = evidence.of('api')
    const { api } = roll
    return {
      saw: `The API sees ${mib(api.believes.totalMemoryBytes)} and ${api.believes.cpus} CPUs, and may use ` +
        `${mib(evidence.of('api').limits.memoryMaxBytes)} and ${cpus(evidence.of('api').quotaCores)}.`,
      checks: [
        leak('total memory is the machine\'s', `/proc/meminfo MemTotal against ${kernelName('memoryMaxBytes', version)}`, memory, mib),
        leak('CPUs are the machine\'s', `/proc/cpuinfo against ${kernelName('cpuMax', version)}`, seenCpus, count => `${count} CPUs`),
        allAgree('the kernel is the machine\'s, one for all', 'uname(2)',
          repliesOf(roll, ({ uname }) => `${uname.release} ${uname.version}`.trim() || null))
      ]
    }
  }
}

/** What one container sees of the machine, and what it may use of it. */
interface Seen { service: string, seen: number | null, limit: Limit }

function seenBy (
  roll: RollCall, evidence: Evidence, what: 'cpus' | 'totalMemoryBytes', limitOf: (service: string) => Limit
): Seen[] {
  return Object.entries(roll)
    .filter(([service]) => evidence.services.includes(service))
    .map(([service, view]) => ({ service, seen: view?.believes[what] ?? null, limit: limitOf(service) }))
}

/** Judges only the containers whose limit is below what the machine has: the others have nothing to hide. */
function leak (claim: string, source: string, all: Seen[], say: (value: number) => string): Check {
  const known = all.flatMap(({ seen }) => seen ?? [])
  if (known.length === 0) return { claim, source, saw: 'unknown', holds: null }
  const machine = Math.max(...known)
  const limited = all.filter(({ seen, limit }) => seen !== null && typeof limit === 'number' && limit < machine)
  const deceived = limited.filter(({ seen }) => seen === machine)
  const others = limited
    .filter(({ seen }) => seen !== machine)
    .map(({ service, seen }) => `${service} sees ${say(seen!)}`)
  return {
    claim,
    source,
    saw: [`${say(machine)} seen by ${deceived.map(({ service }) => service).join(', ') || 'no service with a limit'}`, ...others].join('; '),
    holds: limited.length === 0 ? null : others.length === 0
  }
}

function beliefsOf (service: string, believes: RollCall['api']['believes']): string {
  const { cpus, availableParallelism, totalMemoryBytes, constrainedMemoryBytes: allowed, heapLimitBytes } = believes
  const constrained = allowed === null ? 'unknown' : allowed === 'max' ? 'no limit' : mib(allowed)
  return `${service}: os.totalmem ${mib(totalMemoryBytes)}, process.constrainedMemory ${constrained}, ` +
    `heap ceiling ${mib(heapLimitBytes)}; os.cpus ${cpus}, os.availableParallelism ${availableParallelism}`
}
