// npm run bench -- start [times]: how long `docker compose up --wait` takes with images built, on new volumes (first)
// and on those that are there (second), and when each container was created, started, serving and healthy.
import { freePort } from '#scripts/local-stores/free-port.ts'
import { median } from './figures.ts'
import { Stack } from './stack.ts'
import { startTimes, steps, type Times } from './start-times.ts'

interface Start { seconds: number, times: Map<string, Times> }

const count = Number(process.argv[2] ?? 5)
const stack = new Stack(await freePort())

async function start (): Promise<Start> {
  const beganAtMs = Date.now()
  await stack.compose('up', '--wait')
  return { seconds: (Date.now() - beganAtMs) / 1000, times: await startTimes(stack, beganAtMs) }
}

function print (what: string, starts: Start[]): void {
  const seconds = starts.map(start => start.seconds)
  console.log(`\n${what}: median ${median(seconds).toFixed(1)} s of ${seconds.map(each => each.toFixed(1)).join(', ')}\n`)
  console.log(`| median, in s | ${steps.join(' | ')} |\n|${'---|'.repeat(steps.length + 1)}`)
  for (const service of starts[0]!.times.keys()) {
    const cells = steps.map(step => cell(starts.map(({ times }) => times.get(service)![step])))
    console.log(`| ${service} | ${cells.join(' | ')} |`)
  }
}

function cell (values: Array<number | null>): string {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? '' : median(known).toFixed(2)
}

const first: Start[] = []
const second: Start[] = []
try {
  await stack.compose('build')
  for (let round = 1; round <= count; round++) {
    first.push(await start())
    await stack.compose('down', '--timeout', '5')
    second.push(await start())
    await stack.down()
    console.error(`${round} of ${count}: ${first.at(-1)!.seconds.toFixed(1)} s, then ${second.at(-1)!.seconds.toFixed(1)} s`)
  }
} finally {
  await stack.down()
}
print('first start, volumes new', first)
print('second start, volumes there', second)
console.log('\n' + JSON.stringify({ first: first.map(plain), second: second.map(plain) }))

function plain ({ seconds, times }: Start): object {
  return { seconds, times: Object.fromEntries(times) }
}
