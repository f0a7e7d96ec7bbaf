import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { onProcessDeath } from '#scripts/local-stores/on-process-death.ts'
import { untilAnswers } from '#scripts/local-stores/server-process.ts'
import { putAwayLater } from './put-away.ts'

const run = promisify(execFile)
const ANSWER_MS = 5000
const PULL_MS = 600_000

/** Whether there is a Docker engine. A DOCKER_HOST that does not answer counts as none. */
export async function dockerAnswers (): Promise<boolean> {
  try {
    const { stdout } = await run('docker', ['version', '--format', '{{.Server.Version}}'], {
      timeout: ANSWER_MS,
      killSignal: 'SIGKILL'
    })
    return /^\d/.test(stdout)
  } catch {
    return false
  }
}

export interface Container {
  image: string
  port: number
  /** For `docker run`. */
  options: string[]
  /** For the program in the container. */
  args: string[]
  env?: Record<string, string>
  urlOf: (port: number) => string
  ask: (url: string) => Promise<void>
}

/** Runs a container on a free port of 127.0.0.1 and resolves to its URL once it answers. */
export async function startContainer ({ image, port, options, args, env, urlOf, ask }: Container): Promise<string> {
  await pullIfMissing(image)
  const name = `limits-lab-test-${image.split(':')[0]}-${randomBytes(4).toString('hex')}`
  removeLater(name)
  const fixed = ['--detach', '--rm', '--name', name, '--label', 'limits-lab.test', '--publish', `127.0.0.1::${port}`]
  await run('docker', ['run', ...fixed, ...options, image, ...args], { env: { ...process.env, ...env } })
  const published = await publishedPort(name, port)
  const url = urlOf(published)
  await untilAnswers({ what: `${image} on 127.0.0.1:${published}`, ask: () => ask(url), timeoutMs: 60_000 }, {
    get hasEnded () { return isGone(name) },
    get lastOutput () { return logs(name) }
  })
  return url
}

async function pullIfMissing (image: string): Promise<void> {
  const isHere = await run('docker', ['image', 'inspect', image]).then(() => true, () => false)
  if (isHere) return
  console.log(`pulling ${image}`)
  await run('docker', ['pull', '--quiet', image], { timeout: PULL_MS })
}

function removeLater (name: string): void {
  const cleanup = onProcessDeath(`docker rm --force --volumes ${name}`)
  putAwayLater(async () => {
    await run('docker', ['rm', '--force', '--volumes', name])
    cleanup.cancel()
  })
}

async function publishedPort (name: string, port: number): Promise<number> {
  const { stdout } = await run('docker', ['port', name, `${port}/tcp`])
  return Number(stdout.trim().split('\n')[0]?.split(':').at(-1))
}

async function isGone (name: string): Promise<boolean> {
  return await run('docker', ['inspect', name]).then(() => false, () => true)
}

async function logs (name: string): Promise<string> {
  const { stdout, stderr } = await run('docker', ['logs', '--tail', '30', name]).catch(() => ({ stdout: '', stderr: 'the container is gone, and so is its log' }))
  return (stdout + stderr).trim()
}
