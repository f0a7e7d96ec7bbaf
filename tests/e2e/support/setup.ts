import { randomBytes } from 'node:crypto'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { onProcessDeath } from '#scripts/local-stores/on-process-death.ts'
import { putAwayAll, putAwayLater } from '#support/stores/put-away.ts'
import { startEngineHost } from './engine-host.ts'
import { recentLogs } from './recent-logs.ts'
import { removal, removeStack } from './removal.ts'
import { compose, handOver, type Stack } from './stack.ts'

/** Jest calls this before the end-to-end tests: one stack for all of them. */
export default async function setup ({ rootDir, maxWorkers }: { rootDir: string, maxWorkers: number }): Promise<void> {
  if (maxWorkers > 1) throw new Error('the end-to-end tests share one stack and disturb it: run them with --runInBand')
  const stack = await newStack(rootDir)
  handOver(stack)
  removeLater(stack)
  console.log(`\nend-to-end tests: ${stack.project}, api on 127.0.0.1:${stack.apiPort}`)
  try {
    await compose('up', '--build', '--wait')
    await startEngineHost()
  } catch (err) {
    console.error(await recentLogs())
    await putAwayAll()
    throw err
  }
}

async function newStack (root: string): Promise<Stack> {
  const random = randomBytes(4).toString('hex')
  return {
    root,
    project: `limits-lab-e2e-${random}`,
    tag: `e2e-${random}`,
    apiPort: await freePort(),
    labPort: await freePort()
  }
}

/** Removes the stack even if the tests are killed; then several times, because a `compose up` may still be running. */
function removeLater (stack: Stack): void {
  const cleanup = onProcessDeath(`for i in 1 2 3; do ${removal(stack)}\nsleep 5; done`)
  putAwayLater(async () => {
    await removeStack(stack)
    cleanup.cancel()
  })
}
