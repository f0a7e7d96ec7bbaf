// A server that costs next to nothing: it answers every chunk with the same bytes, without reading it.
import { createServer } from 'node:net'

const body = JSON.stringify({ requestedMs: 0, cpuMs: 0, wallMs: 0 })
const headers = [
  'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: keep-alive'
]
const answer = Buffer.from(`HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\n\r\n${body}`)

createServer({ noDelay: true }, socket => {
  socket.on('data', () => socket.write(answer))
  socket.on('error', () => {})
}).listen(Number(process.argv[2]))
