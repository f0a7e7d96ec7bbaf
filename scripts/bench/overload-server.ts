// A server whose requests need 5 ms of CPU each. Listens on a free port, and prints it.
//   node overload-server.js node      plain node:http: serves a request as soon as it is read
//   node overload-server.js close     the same, and closes the connection after each answer
//   node overload-server.js line      serves requests from one queue, one in each turn of the event loop
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { burnCpu } from '#shared/work/burn-cpu.ts'

const WORK_MS = 5
/** Takes about a second in half a CPU. */
const BUSY_MS = 500
const kind = process.argv[2]
const line: ServerResponse[] = []

function work (res: ServerResponse): void {
  burnCpu(WORK_MS)
  if (kind === 'close') res.setHeader('connection', 'close')
  res.end('done')
}

/** Serves one request in each turn of the loop, so that one connection is accepted for each of them. */
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
