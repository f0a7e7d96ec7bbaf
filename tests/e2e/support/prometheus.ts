import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#scripts/local-stores/free-port.ts'
import { startServer } from '#scripts/local-stores/server-process.ts'

/** One element of an instant vector. */
export interface Element { labels: Record<string, string>, value: number }

export interface Prometheus {
  /** Resolves to the present value of a PromQL expression. */
  query: (expression: string) => Promise<Element[]>
  stop: () => Promise<void>
}

/** Starts a Prometheus that scrapes `target` every second. `stop` also removes its data. */
export async function startPrometheus (target: string): Promise<Prometheus> {
  const dir = await mkdtemp(join(tmpdir(), 'limits-lab-prometheus-'))
  const remove = () => rm(dir, { recursive: true, force: true })
  try {
    await writeFile(join(dir, 'prometheus.yml'), settings(target))
    const address = `127.0.0.1:${await freePort()}`
    const server = await startServer(
      { file: 'prometheus', args: flags(dir, address), stopSignal: 'SIGTERM' },
      { what: 'Prometheus', ask: () => get(`http://${address}/-/ready`), timeoutMs: 30_000 }
    )
    return {
      query: expression => query(address, expression),
      stop: async () => { await server.stop(); await remove() }
    }
  } catch (err) {
    await remove()
    throw err
  }
}

/** The job is called `cadvisor`, as docs/prometheus.md says. */
function settings (target: string): string {
  return `
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: cadvisor
    static_configs: [{ targets: ['${target}'] }]
`
}

function flags (dir: string, address: string): string[] {
  return [
    `--config.file=${dir}/prometheus.yml`,
    `--storage.tsdb.path=${dir}/data`,
    `--web.listen-address=${address}`,
    '--log.level=warn'
  ]
}

interface VectorAnswer { data: { result: Array<{ metric: Record<string, string>, value: [number, string] }> } }

async function query (address: string, expression: string): Promise<Element[]> {
  const answer = await get(`http://${address}/api/v1/query?query=${encodeURIComponent(expression)}`)
  const { data } = await answer.json() as VectorAnswer
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}

async function get (url: string): Promise<Response> {
  const res = await fetch(url)
  if (!res.ok) throw new Error(`${url}: ${res.status} ${await res.text()}`)
  return res
}
