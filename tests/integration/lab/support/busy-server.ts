import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Stub } from './stub.ts'

/**
 * Runs in a process of its own, because it keeps its event loop busy. The first request takes long, so that connections
 * are waiting before the server accepts any more.
 */
const program = `
const workMs = 5, firstMs = 300, isLine = process.argv[1] === 'line'
let requests = 0
const line = []
function work (res) {
  const until = performance.now() + (requests++ === 0 ? firstMs : workMs)
  while (performance.now() < until);
  res.end()
}
function serveLine () {
  work(line.shift())
  if (line.length > 0) setImmediate(serveLine)
}
const server = require('node:http').createServer((req, res) => {
  if (!isLine) work(res)
  else if (line.push(res) === 1) setImmediate(serveLine)
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`

/**
 * A server that needs 5 ms for a request. It serves a request at once when it is read, as servers usually do, or from
 * one queue, one request in each turn of the event loop.
 */
export async function busyServer (kind: 'at once' | 'line'): Promise<Pick<Stub, 'url' | 'close'>> {
  const child = spawn(process.execPath, ['-e', program, kind], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(createInterface(child.stdout), 'line')
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
}
