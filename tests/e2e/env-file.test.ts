/* eslint-disable no-template-curly-in-string */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { bytesIn, cpusIn, pidsIn } from '#scripts/start/limit-values.ts'
import { readSettings } from '#scripts/start/settings.ts'
import { parseEnvFile } from '#shared/process/env-file.ts'

const run = promisify(execFile)

let directory: string
beforeAll(() => { directory = mkdtempSync(join(tmpdir(), 'limits-lab-env-')) })
afterAll(() => rmSync(directory, { recursive: true }))

interface ServiceConfig {
  environment: Record<string, string>
  deploy?: { resources?: { limits?: Record<string, unknown> } }
}

/** What Compose makes of the variables in a service's environment and limits. */
async function composeConfig (
  env: Record<string, string> = {}
): Promise<{ name: string; services: { a: ServiceConfig } }> {
  const { stdout } = await run(
    'docker',
    ['compose', '--project-directory', directory, '-f', join(directory, 'compose.yaml'), 'config', '--format', 'json'],
    { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } }
  )
  return JSON.parse(stdout)
}

test('case 15: every variable of .env means to npm start what it means to Compose', async () => {
  const lines = [
    'SMALL=512M',
    'A=${SMALL}',
    'B="${SMALL}"',
    'C=${HALF:-0.5}',
    'D=${BASE:-31}00',
    "E='${SMALL} $5'",
    'F=value # comment',
    'G=val#none',
    'H="a # b" # c',
    'I="\\$SMALL \\"q\\" \\\\ tab\\t."',
    "J='it\\'s'",
    'K=$SMALL.x',
    'L=$$SMALL',
    'M=${EMPTY-x}',
    'EMPTY=',
    'N=${EMPTY:-x}',
    'O=${SMALL:+set}',
    'P=${NONE:-${SMALL}}',
    'export Q=exported',
    'R: colon',
    'S = spaced ',
    'SHELL_SET=file',
    'T=${SHELL_SET}',
    'U="two\nlines"',
    'V=a b\r'
  ]
  writeFileSync(join(directory, '.env'), `${lines.join('\n')}\n`)
  const ours = { ...parseEnvFile(`${lines.join('\n')}\n`, { SHELL_SET: 'shell' }), SHELL_SET: 'shell' }
  const environment = Object.fromEntries(Object.keys(ours).map(name => [name, `\${${name}}`]))
  writeFileSync(
    join(directory, 'compose.yaml'),
    JSON.stringify({ name: 'env-file', services: { a: { image: 'none', environment } } })
  )
  const theirs = Object.entries((await composeConfig({ SHELL_SET: 'shell' })).services.a.environment)
  // The output of `config` is a valid Compose file, so dollar signs are doubled in it.
  expect(ours).toEqual(Object.fromEntries(theirs.map(([name, value]) => [name, value.replaceAll('$$', '$')])))
})

test('sizes and counts mean to npm start what they mean to Compose', async () => {
  writeFileSync(join(directory, '.env'), '')
  const limits = { memory: '${MEMORY}', cpus: '${CPUS}', pids: '${PIDS}' }
  writeFileSync(
    join(directory, 'compose.yaml'),
    JSON.stringify({ name: 'limits', services: { a: { image: 'none', deploy: { resources: { limits } } } } })
  )
  for (const [MEMORY, CPUS, PIDS] of [
    ['256MiB', '0.5', '128'],
    ['.5g', '.5', '+7'],
    ['1t', '2', '010'],
    ['1.5g', '1e-1', '4194304'],
    ['64mb', '5.', '9'],
    ['0', '0', '0']
  ] as const) {
    const { deploy } = (await composeConfig({ MEMORY, CPUS, PIDS })).services.a
    const { memory, cpus, pids } = deploy?.resources?.limits ?? {}
    const theirs = [memory === undefined ? null : Number(memory), cpus ?? null, pids ?? null]
    expect([bytesIn(MEMORY), cpusIn(CPUS), pidsIn(PIDS)]).toEqual(theirs)
  }
})

test.each([['', 'own'], ['9a', '9a']])('case 02: to Compose too the project name %j makes the project %s', async (COMPOSE_PROJECT_NAME, name) => {
  writeFileSync(join(directory, 'compose.yaml'), JSON.stringify({ name: 'own', services: { a: { image: 'none' } } }))
  expect(readSettings({ COMPOSE_PROJECT_NAME }, 'own').project).toBe(name)
  expect((await composeConfig({ COMPOSE_PROJECT_NAME })).name).toBe(name)
})
