import { randomBytes } from 'node:crypto'
import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Account } from '#scripts/local-stores/postgres.ts'

/** The directories and files that stay from one start to the next. */
export interface Data {
  directory: string
  /** The account that runs Postgres can reach it. */
  postgres: string
  redis: string
  scratch: string
  /** Where services in namespaces of their own mount the host's cgroups. */
  hostTree: string
  /** Where the stores write what they see of themselves, for the lab. */
  whoami: string
  logs: string
  state: string
  /** Where the lab has limits changed. */
  limitsSocket: string
  /** Files that hold one password each. */
  secrets: { postgres: string, redis: string }
}

export function openData (directory: string, postgresAccount: Account | null): Data {
  makeDirectory(directory)
  const data = {
    directory,
    postgres: directoryForPostgres(directory, postgresAccount),
    redis: join(directory, 'redis'),
    scratch: join(directory, 'scratch'),
    hostTree: join(directory, 'cgroup'),
    whoami: join(directory, 'whoami'),
    logs: join(directory, 'logs'),
    state: join(directory, 'started.json'),
    limitsSocket: join(directory, 'limits.sock'),
    secrets: { postgres: join(directory, 'secrets/postgres'), redis: join(directory, 'secrets/redis') }
  }
  const { postgres, redis, scratch, hostTree, whoami } = data
  const directories = [postgres, redis, scratch, hostTree, join(whoami, 'postgres'), join(whoami, 'redis')]
  for (const path of directories) makeDirectory(path)
  for (const path of Object.values(data.secrets)) makeSecret(path)
  return data
}

const POSTGRES_DIRECTORIES = '/var/lib/limits-lab'

/**
 * Postgres refuses to run as root, and its account may be unable to reach this directory (say, below /root). Then the
 * data are in a new directory elsewhere, and a link here leads to it. The directory is not named after this path,
 * because it could then be mistaken for that of an earlier checkout in the same place.
 */
function directoryForPostgres (directory: string, account: Account | null): string {
  const usual = join(directory, 'postgres')
  if (existsSync(usual)) return realpathSync(usual)
  if (account === null || isOpenToAll(directory)) return usual
  makeDirectory(POSTGRES_DIRECTORIES)
  const elsewhere = mkdtempSync(join(POSTGRES_DIRECTORIES, 'postgres-'))
  chmodSync(elsewhere, PASSAGE)
  rmSync(usual, { force: true })      // a link whose target is gone
  symlinkSync(elsewhere, usual)
  return elsewhere
}

const SEARCHABLE_BY_ALL = 0o001
/** The content is not readable by others, but the account that runs Postgres can pass, even under a umask of 077. */
const PASSAGE = 0o711

/** Makes the missing directories above it as well. */
function makeDirectory (path: string): void {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  mkdirSync(path)
  chmodSync(path, PASSAGE)
}

function isOpenToAll (path: string): boolean {
  const parent = dirname(path)
  const isOpen = !existsSync(path) || (statSync(path).mode & SEARCHABLE_BY_ALL) !== 0
  return isOpen && (parent === path || isOpenToAll(parent))
}

function makeSecret (path: string): void {
  if (existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, randomBytes(24).toString('hex'), { mode: 0o600 })
}
