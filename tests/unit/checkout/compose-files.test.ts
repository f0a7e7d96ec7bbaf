import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

interface Service {
  image?: string
  build?: { dockerfile: string } | null
  volumes?: Array<string | object>
  configs?: unknown
  env_file?: unknown
  deploy?: { resources?: { limits?: { cpus?: string } } }
}
interface ComposeFile {
  services: Record<string, Service | null>
  configs?: unknown
  secrets?: Record<string, { file: string }>
}

const read = (name: string) => parse(readFileSync(name, 'utf8'), { logLevel: 'error' }) as ComposeFile
const servicesOf = (file: ComposeFile) =>
  Object.entries(file.services).filter((entry): entry is [string, Service] => entry[1] !== null)

describe.each(['compose.yaml', 'compose.prod.yaml'])('%s', name => {
  const file = read(name)

  test.each(servicesOf(file))('case 13: %s mounts nothing from the checkout, so the engine may be on another machine', (_service, { volumes = [], configs, env_file: envFile }) => {
    const named = /^[\w-]+:\//
    expect(volumes.filter(volume => typeof volume !== 'string' || !named.test(volume)).filter(volume => volume !== '/sys/fs/cgroup:/host/sys/fs/cgroup:ro')).toEqual([])
    expect([configs, envFile]).toEqual([undefined, undefined])
  })

  test('case 06: every CPU limit is a variable that .env.example has, so that a host without CPU quota can say 0', () => {
    const documented = new Map(
      [...readFileSync('.env.example', 'utf8').matchAll(/^#(\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!])
    )
    const limits = servicesOf(file).flatMap(([service, { deploy }]) => {
      const cpus = deploy?.resources?.limits?.cpus
      return cpus === undefined ? [] : [{ service, cpus }]
    })
    for (const { service, cpus } of limits) {
      const [, variable, fallback] = /^\$\{(\w+):-([\d.]+)\}$/.exec(cpus) ?? []
      expect({ service, cpus, fallback }).toEqual({
        service,
        cpus: expect.stringMatching(/^\$\{\w+_CPUS:-/),
        fallback: documented.get(variable ?? '')
      })
    }
    expect(limits).toHaveLength(name === 'compose.yaml' ? 6 : 0)
  })
})

test('compose.prod.yaml mounts two files of the host, the passwords', () => {
  expect(Object.values(read('compose.prod.yaml').secrets!).map(({ file }) => file)).toEqual(['./secrets/postgres_password', './secrets/redis_password'])
})

test.each(servicesOf(read('compose.yaml')))('%s is built from a Dockerfile of its own', (service, { build, image }) => {
  expect([build?.dockerfile, image]).toEqual([`Dockerfile.${service}`, `\${REGISTRY:-}limits-lab-${service}:\${TAG:-dev}`])
})

describe.each(readdirSync('.').filter(name => name.startsWith('Dockerfile')))('%s', name => {
  const stages = readFileSync(name, 'utf8').split(/^(?=FROM )/m)

  test('case 04: sets the mode in the image of every file from the checkout', () => {
    const copies = stages.at(-1)!.match(/^(COPY|ADD) .*/gm)!.filter(line => !line.includes('--from='))
    expect(copies.filter(line => !/^COPY --chmod=(644|755) /.test(line))).toEqual([])
  })

  // BuildKit also gives the mode to the folders that it makes.
  test('case 04: gives 644 to single files only, because a folder with this mode cannot be entered', () => {
    const copies = stages.at(-1)!.match(/^COPY --chmod=644 .*/gm) ?? []
    expect(copies.filter(line => !/^\S+ \S+ \S+\.(conf|sh) \/usr\/local\/(bin|etc)\/[\w.-]+$/.test(line))).toEqual([])
  })
})
