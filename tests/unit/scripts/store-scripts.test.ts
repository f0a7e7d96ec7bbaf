import { execFile } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

const run = promisify(execFile)

/** Programs as they lie in the images of the stores, beside stand-ins for the stores themselves. */
let bin: string
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'limits-lab-store-scripts-'))
  symlinkSync(resolve('scripts/read-password.sh'), join(bin, 'read-password'))
  program('redis-server', 'cat')
  program('docker-entrypoint.sh', 'echo started "$@"')
})
afterAll(() => { rmSync(bin, { recursive: true }) })

function program (name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, name), 0o755)
}

function passwordFile (content: string): string {
  const path = join(bin, `password-${Math.random()}`)
  writeFileSync(path, content)
  return path
}

function bash (script: string, env: Record<string, string>): Promise<{ stdout: string, stderr: string }> {
  return run('bash', [script], { env: { PATH: `${bin}:${process.env.PATH}`, ...env } })
}

function startRedis (content: string): Promise<{ stdout: string }> {
  const env = {
    REDIS_CONF: 'services/redis/redis.conf',
    REDIS_MAXMEMORY: '80mb',
    PORT: '6379',
    REDIS_PASSWORD_FILE: passwordFile(content)
  }
  return bash('services/redis/start-redis.sh', env)
}

describe('start-redis', () => {
  test('gives Redis its configuration file, and after that the settings of the container', async () => {
    const lines = (await startRedis('horse')).stdout.trimEnd().split('\n')
    expect(lines).toContain('maxmemory-policy noeviction')
    expect(lines.slice(-3)).toEqual(['port 6379', 'maxmemory 80mb', 'requirepass "\\x68\\x6f\\x72\\x73\\x65"'])
  })

  test.each([
    ['words', 'correct horse battery staple'],
    ['all that means something in redis.conf', ' # a"b\'c\\x41\\\t&%s '],
    ['letters beyond ASCII', 'pä🐎'],
    ['a thousand characters', 'x y'.repeat(333)]
  ])('case 19: makes one quoted word of a password that is %s', async (_case, password) => {
    const last = (await startRedis(`${password}\n`)).stdout.trimEnd().split('\n').at(-1)!
    expect(last).toMatch(/^requirepass "(\\x[0-9a-f]{2})+"$/)
    expect(Buffer.from(last.replace(/^requirepass|["\\x ]/g, ''), 'hex').toString()).toBe(password)
  })

  test('case 19: says what is wrong with a password file, and starts nothing', async () => {
    await expect(startRedis('correct\nhorse')).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^\/.* holds more than one line/)
    })
  })
})

/** Makes a directory that holds what it was given, and the version that marks a database. */
const INITDB = `
  for arg; do
    case $arg in --pgdata=*) data=\${arg#*=} ;; --pwfile=*) password=$(cat "\${arg#*=}") ;; esac
  done
  mkdir "$data"
  echo 18 > "$data/PG_VERSION"
  printf '%s\\n' "$@" > "$data/arguments"
  printf '%s\\n' "$password" > "$data/password"`

describe('start-postgres', () => {
  let data: string
  beforeEach(() => {
    data = join(mkdtempSync(join(bin, 'volume-')), '18', 'docker')
    program('initdb', INITDB)
    program('postgres', 'cat > "$3/statements"')
  })

  function startPostgres (password: string): Promise<{ stdout: string, stderr: string }> {
    return bash('services/postgres/start-postgres.sh', {
      POSTGRES_PASSWORD_FILE: password,
      POSTGRES_USER: 'someone',
      POSTGRES_DB: 'some-jobs',
      PGDATA: data
    })
  }

  const made = (name: string): string => readFileSync(join(data, name), 'utf8')

  test('case 19: makes the database on an empty volume, with a password of words, and starts Postgres', async () => {
    expect((await startPostgres(passwordFile('correct horse'))).stdout).toMatch(/^started postgres -c config_file=/m)
    expect(made('arguments')).toContain('--username=someone\n')
    expect(made('arguments')).not.toContain('horse')
    expect(made('password')).toBe('correct horse\n')
    expect(made('statements')).toBe('CREATE DATABASE "some-jobs"\n')
    expect(made('pg_hba.conf')).toBe('\nhost all all all scram-sha-256\n')
  })

  test('leaves a database alone that is there', async () => {
    mkdirSync(data, { recursive: true })
    writeFileSync(join(data, 'PG_VERSION'), '18\n')
    expect((await startPostgres(passwordFile('horse'))).stdout).toMatch(/^started postgres -c config_file=/)
    expect(readdirSync(data)).toEqual(['PG_VERSION'])
  })

  test('a first start that was killed half-way, or whose statement fails, leaves nothing that looks like a database', async () => {
    program('postgres', 'exit 1')
    await expect(startPostgres(passwordFile('horse'))).rejects.toMatchObject({ stdout: expect.not.stringContaining('started') })
    expect(existsSync(data)).toBe(false)

    program('postgres', 'cat > "$3/statements"')
    await startPostgres(passwordFile('horse'))
    expect(made('statements')).toBe('CREATE DATABASE "some-jobs"\n')
    expect(readdirSync(join(data, '..'))).toEqual(['docker'])
  })

  test('says what is wrong with a password file, and starts nothing', async () => {
    const failure = { stdout: '', stderr: expect.stringMatching(/^cannot read \/nowhere\/password: /) }
    await expect(startPostgres('/nowhere/password')).rejects.toMatchObject(failure)
    expect(existsSync(data)).toBe(false)
  })
})

describe('the health check of Redis', () => {
  /** A Redis that answers everything at QUIT, and lets a client in that has sent exactly these bytes. */
  async function checkAgainst (expected: string, content: string): Promise<'healthy' | 'unhealthy'> {
    const server = createServer(socket => {
      let received = ''
      socket.on('error', () => {})
      socket.on('data', bytes => {
        received += bytes.toString()
        if (received.endsWith('QUIT\r\n')) socket.end(received === `${expected}PING\r\nQUIT\r\n` ? '+OK\r\n+PONG\r\n+OK\r\n' : '-WRONGPASS\r\n-NOAUTH\r\n+OK\r\n')
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const env = { PORT: String((server.address() as AddressInfo).port), REDIS_PASSWORD_FILE: passwordFile(content) }
      return await bash('services/redis/healthcheck.sh', env).then(() => 'healthy', () => 'unhealthy')
    } finally {
      server.close()
    }
  }

  test.each([
    ['words', 'correct horse battery staple'], ['quotes', 'a"b\'c\\'], ['format characters', '%s%d\\n'], ['spaces around', ' \thorse '], ['letters beyond ASCII', 'pä🐎']
  ])('case 19: gets in with a password that holds %s', async (_case, password) => {
    expect(await checkAgainst(`*2\r\n$4\r\nAUTH\r\n$${Buffer.byteLength(password)}\r\n${password}\r\n`, `${password}\n`)).toBe('healthy')
  })

  test('fails where the password is another', async () => {
    expect(await checkAgainst('*2\r\n$4\r\nAUTH\r\n$5\r\nother\r\n', 'horse')).toBe('unhealthy')
  })

  test('fails where no Redis listens', async () => {
    await expect(
      bash('services/redis/healthcheck.sh', { PORT: '1', REDIS_PASSWORD_FILE: passwordFile('horse') })
    ).rejects.toMatchObject({ code: 1 })
  })
})
