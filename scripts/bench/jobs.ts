// npm run bench -- jobs [jobs] [concurrency,…]: our way of a job beside bare BullMQ, by default 2,000 jobs that do
// nothing, at most 1, 4 and 20 at a time.
//
// Both run in the containers `api` and `worker` of compose.yaml, from the same images, under the same limits, with the
// same Redis; jobs.compose.yaml changes the commands and nothing else. They take turns, three rounds of each, so that
// other work of the host affects both, and a ratio is one of neighbours. Their processes are new each time, so each
// begins with half as many jobs that are not counted, in which V8 compiles what it will run.
//
//   end to end   The jobs are posted as fast as they are accepted (ours by autocannon from outside, 10 connections;
//                BullMQ's by a process in the container of the API, 10 adds in flight), while the worker does them.
//                From the acceptance of the first job to the record of the last: with us from the first row's
//                created_at to the last finished_at, with BullMQ from the first add to the last `completed`.
//   accept       All jobs are posted in the same way, while the container of the worker is paused.
//   drain        Then the worker goes on: from the start of the first job to the record of the last.
//
// CPU and throttling are the rise of the counters of the containers' cgroups over each of the three. A limit was met
// where a service was throttled: the share is of the periods in which the service wanted CPU. `others` is what
// everything else on the host used, this process and the engine included. Where that and the services use all CPUs of
// the host, the host was the limit, and the ratio is too low: our jobs pass through four services, and each of them
// waits for a CPU.
import { freePort } from '#scripts/local-stores/free-port.ts'
import { BareJobs } from './bare-jobs.ts'
import { IN_FLIGHT, type JobWay } from './job-way.ts'
import { acceptTable, cpuTable, rateTable, services, type Measurement, type Pair, type Phase } from './jobs-tables.ts'
import { OurJobs } from './our-jobs.ts'
import { ServiceCpu } from './service-cpu.ts'
import { docker, Stack } from './stack.ts'

const ROUNDS = 3
const jobs = Number(process.argv[2] ?? 2000)
const concurrencies = (process.argv[3] ?? '1,4,20').split(',').map(Number)
if (![jobs, ...concurrencies].every(number => Number.isInteger(number) && number > 0)) {
  throw new Error('expected a number of jobs, and numbers with commas: npm run bench -- jobs 2000 1,4,20')
}

const port = await freePort()
const ours = new OurJobs(new Stack(port))
const bare = new BareJobs(new Stack(port, ['compose.yaml', 'scripts/bench/jobs.compose.yaml']))
/** Both stacks are one project: they have the same stores, and one takes the other's place in the two containers. */
const { stack } = ours

async function measure (way: JobWay, concurrency: number): Promise<Record<Phase, Measurement>> {
  process.env.WORKER_CONCURRENCY = String(concurrency)
  await way.stack.compose('up', '--no-deps', '--wait', 'api', 'worker')
  await way.post(Math.ceil(jobs / 2))
  await way.ended()
  const cpu = await ServiceCpu.open(stack.project, services)
  try {
    return { 'end to end': await endToEnd(way, cpu), ...await acceptThenDrain(way, cpu) }
  } finally {
    cpu.close()
  }
}

type Cpu = ServiceCpu<typeof services[number]>

async function endToEnd (way: JobWay, cpu: Cpu): Promise<Measurement> {
  const { result: posting, ...spending } = await cpu.during(async () => {
    const posting = await way.post(jobs)
    await way.ended()
    return posting
  })
  const { firstAcceptedMs, lastEndedMs } = await way.times(jobs)
  return { jobsPerSecond: jobs * 1000 / (lastEndedMs - firstAcceptedMs), posting, ...spending }
}

async function acceptThenDrain (way: JobWay, cpu: Cpu): Promise<Record<'accept' | 'drain', Measurement>> {
  await stack.compose('pause', 'worker')
  const { result: posting, ...accepting } = await cpu.during(() => way.post(jobs))
  const { result: _, ...draining } = await cpu.during(async () => {
    await stack.compose('unpause', 'worker')
    await way.ended()
  })
  const { firstStartedMs, lastEndedMs } = await way.times(jobs)
  return {
    accept: { jobsPerSecond: jobs / posting.seconds, posting, ...accepting },
    drain: { jobsPerSecond: jobs * 1000 / (lastEndedMs - firstStartedMs), posting: null, ...draining }
  }
}

const pairs: Pair[] = []
try {
  await stack.compose('up', '--build', '--wait', 'api', 'worker')
  for (let round = 1; round <= ROUNDS; round++) {
    for (const concurrency of concurrencies) {
      console.error(`round ${round} of ${ROUNDS}, ${concurrency} at a time`)
      pairs.push({ concurrency, ours: await measure(ours, concurrency), bare: await measure(bare, concurrency) })
    }
  }
} finally {
  for (const way of [ours, bare]) await way.stack.down()
}

console.log(`${jobs} noop jobs, medians of ${ROUNDS} rounds, and from the least to the most:\n`)
console.log(rateTable(pairs))
console.log(`\nAccepting, ${IN_FLIGHT} at a time, medians of all rounds:\n`)
console.log(acceptTable(pairs))
console.log('\nCPU for a job by service, ms, and where a limit was met (share of periods throttled):\n')
console.log(cpuTable(pairs, jobs))
const host = {
  engine: await docker('version', '-f', '{{.Server.Version}}'),
  cgroup: await docker('info', '-f', '{{.CgroupVersion}}'),
  cpus: await docker('info', '-f', '{{.NCPU}}')
}
console.log('\n' + JSON.stringify({ at: new Date().toISOString(), host, jobs, pairs }))
