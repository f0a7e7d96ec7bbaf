// npm run bench -- [name]: starts one of the benchmarks, each of which is a bundle of its own.
import { cadvisor } from './monitors/cadvisor.ts'
import { netdata } from './monitors/netdata.ts'

const benches: Record<string, string> = {
  costs: 'what the stack costs: start, memory, images, scrapes, jobs (the default)',
  start: 'how long docker compose up takes, first and second, and when each container is ready; a number of rounds may follow the name',
  jobs: 'our way of a job beside bare BullMQ; a number of jobs and of jobs at a time may follow the name: 2000 1,4,20',
  observe: 'what watching costs, beside docker stats, netdata, cAdvisor and bare reads; numbers of containers may follow the name',
  oom: 'how long after a kill a client of the stream receives the event; the number of containers may follow the name',
  load: 'the load generator beside autocannon',
  limits: 'one load at three CPU limits',
  overload: 'which requests wait when half a CPU is not enough (as root, without Docker); the path of another node may follow the name',
  flat: "the lab's memory while 1,000 containers come and go (20 minutes)",
  growth: 'what the lab costs with 1, 10 and 50 containers, and with 50 strangers; other numbers may follow the name',
  page: 'what one sample costs a browser with 1, 10 and 50 containers, and what the tab keeps over 30 minutes'
}

const monitors = [netdata, cadvisor].map(({ name, binary, image, source }) =>
  `  ${name.padEnd(10)}the program ${binary} in the PATH (${source}), otherwise the image ${image}`)

const help = `Usage: npm run bench -- [name] [arguments]

${Object.entries(benches).map(([name, what]) => `  ${name.padEnd(10)}${what}`).join('\n')}

What observe starts beside the lab, and stops again. It installs nothing; it says what it could not run, and why. A
service of the same program that runs already disturbs the figures: stop it first.

${monitors.join('\n')}
`

const name = process.argv[2] ?? 'costs'
if (name === '--help' || name === '-h') process.stdout.write(help)
else if (Object.hasOwn(benches, name)) await start(name)
else refuse(`there is no benchmark ${JSON.stringify(name)}; the benchmarks are ${Object.keys(benches).join(', ')}`)

/** The benchmark gets its arguments as if it had been started alone. */
async function start (name: string): Promise<void> {
  const script = new URL(`${name}.js`, import.meta.url)
  process.argv.splice(1, 2, script.pathname)
  await import(script.href)
}

function refuse (message: string): void {
  process.stderr.write(`npm run bench: ${message}\n`)
  process.exitCode = 2
}
