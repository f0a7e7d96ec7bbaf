import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What an image would bring along: the bundles of the services, and the page. */
export async function buildServices (say: (text: string) => void): Promise<void> {
  say('building the services and the page')
  try {
    await run('npm', ['run', '--silent', 'build'])
  } catch (cause) {
    throw new Error(`the build failed: ${(cause as { stderr?: string }).stderr?.trim().slice(-2000) ?? String(cause)}`, { cause })
  }
}
