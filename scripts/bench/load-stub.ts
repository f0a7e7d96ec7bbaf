// A server that costs next to nothing: it answers whatever comes with the same bytes, as soon as it comes.
import { createServer } from 'node:net'

const body = JSON.stringify({ requestedMs: 0, cpuMs: 0, wallMs: 0 })
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: keep-alive\r\n\r\n${body}`)

createServer({ noDelay: true }, socket => {
  socket.on('data', () => socket.write(answer))
  socket.on('error', () => {})
}).listen(Number(process.argv[2]))
