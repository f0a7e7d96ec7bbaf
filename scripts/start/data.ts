import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Account } from '#scripts/local-stores/server-account.ts'

/** What lives on from one start to the next. */
export interface Data {
  directory: string
  /** Postgres's, and readable by the account it runs under. */
  postgres: string
  redis: string
  scratch: string
  /** Where the host's cgroups are mounted in namespaces of their own. */
  hostTree: string
  /** What the stores see of themselves, for the lab. */
  whoami: string
  logs: string
  state: string
  /** Files that hold a password each. */
  secrets: { postgres: string, redis: string }
}

export function openData (directory: string, postgresAccount: Account | null): Data {
  makeDirectory(directory)
  const data = {
    directory,
    postgres: placeForPostgres(directory, postgresAccount),
    redis: join(directory, 'redis'),
    scratch: join(directory, 'scratch'),
    hostTree: join(directory, 'cgroup'),
    whoami: join(directory, 'whoami'),
    logs: join(directory, 'logs'),
    state: join(directory, 'started.json'),
    secrets: { postgres: join(directory, 'secrets/postgres'), redis: join(directory, 'secrets/redis') }
  }
  for (const path of [data.postgres, data.redis, data.scratch, data.hostTree, join(data.whoami, 'postgres'), join(data.whoami, 'redis')]) makeDirectory(path)
  for (const path of Object.values(data.secrets)) makeSecret(path)
  return data
}

const PLACES = '/var/lib/limits-lab'

/**
 * Postgres refuses to run as root, and its account may not get through to this directory (say, below /root). Then the
 * data are in a place of their own, to which a link leads from here: found by its path it could be taken for that of a
 * checkout that stood here before.
 */
function placeForPostgres (directory: string, account: Account | null): string {
  const place = join(directory, 'postgres')
  if (existsSync(place)) return realpathSync(place)
  if (account === null || isOpenToAll(directory)) return place
  makeDirectory(PLACES)
  const elsewhere = mkdtempSync(join(PLACES, 'postgres-'))
  chmodSync(elsewhere, PASSAGE)
  rmSync(place, { force: true })      // a link that leads nowhere any more
  symlinkSync(elsewhere, place)
  return elsewhere
}

const SEARCHABLE_BY_ALL = 0o001
/** What is in it is closed, but the account that runs Postgres has to get through, under a umask of 077 too. */
const PASSAGE = 0o711

/** And those above it that are not there yet. */
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
