import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Account {
  uid: number
  gid: number
}

/**
 * The account for a server that refuses to run as root; `null` = our own will do.
 * `nobody` is on every system, so no account is made that would have to be removed again.
 */
export async function serverAccount (): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async flag => Number((await run('id', [flag, 'nobody'])).stdout)))
  return { uid: uid!, gid: gid! }
}
