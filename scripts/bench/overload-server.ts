// A server whose requests need 5 ms of CPU each. Listens on a free port, and prints it.
//   node overload-server.js node      node:http as it is: works as soon as a request is read
//   node overload-server.js close     the same, and closes the connection after each answer
//   node overload-server.js line      requests stand in one line; between two of them the event loop looks for what is new
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { burnCpu } from '#shared/work/burn-cpu.ts'

const WORK_MS = 5
/** About a second of half a CPU. */
const BUSY_MS = 500
const kind = process.argv[2]
const line: ServerResponse[] = []

function work (res: ServerResponse): void {
  burnCpu(WORK_MS)
  if (kind === 'close') res.setHeader('connection', 'close')
  res.end('done')
}

/** One in each turn of the loop, so that one connection is accepted for each request that is served. */
function serveLine (): void {
  work(line.shift()!)
  if (line.length > 0) setImmediate(serveLine)
}

const server = createServer((req, res) => {
  if (req.url === '/probe') return res.end('here')
  if (req.url === '/busy') burnCpu(BUSY_MS)
  if (kind !== 'line') work(res)
  else if (line.push(res) === 1) setImmediate(serveLine)
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
