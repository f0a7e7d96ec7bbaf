/**
 * A program for the lab's container, the only other one that has the broker's socket. It sends requests that the broker
 * has to refuse, some of them broken on purpose, and prints how many were answered with which status.
 */
export function hostileToBroker (count: number): string {
  return `
import { connect } from 'node:net'

const change = (body, path = '/limits', method = 'POST', type = 'application/json') =>
  method + ' ' + path + ' HTTP/1.1\\r\\nHost: limits\\r\\nConnection: close\\r\\nContent-Type: ' + type +
  '\\r\\nContent-Length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body
const id = 'a'.repeat(64)
const requests = [
  ...['', '{', '[]', 'null', '5', '"api"', '{}', '{"service":5}', '{"service":""}', '{"service":"../api"}', '{"service":"api\\\\u0000"}',
    '{"service":"api","cpus":0}', '{"service":"api","cpus":-1}', '{"service":"api","cpus":1e9}', '{"service":"api","cpus":"1"}',
    '{"service":"api","memoryBytes":1}', '{"service":"api","memoryBytes":1.5}', '{"service":"api","memoryBytes":9007199254740993}',
    '{"service":"api","pids":0}', '{"service":"api","pids":1e7}', '{"service":"api","Privileged":true}', '{"service":"api","cpus":1,"id":"' + id + '"}',
    '{"service":"limits","cpus":1}', '{"service":"nginx","cpus":1}', '{"service":"__proto__","cpus":1}', '{"service":"api","__proto__":{"cpus":1}}',
    '{"service":"api","evenBelowUse":"yes"}', JSON.stringify({ service: 'a'.repeat(2000) })].map(body => change(body)),
  change('{"service":"api","cpus":0.1}', '/limits', 'PUT'), change('{"service":"api","cpus":0.1}', '/limits', 'DELETE'),
  change('{"service":"api","cpus":0.1}', '/limits', 'POST', 'text/plain'),
  change('{"Image":"redis"}', '/containers/create'), change('', '/containers/' + id + '/kill'), change('{"NanoCpus":1}', '/v1.44/containers/' + id + '/update'),
  change('{"service":"api","cpus":0.1}', '/limits/../containers/json'), change('{"service":"api","cpus":0.1}', '//limits//x'),
  'GET /limits HTTP/1.1\\r\\nHost: limits\\r\\nConnection: close\\r\\n\\r\\n', 'GET / HTTP/1.1\\r\\nHost: limits\\r\\nConnection: close\\r\\n\\r\\n',
  'CONNECT /var/run/docker.sock HTTP/1.1\\r\\nHost: limits\\r\\n\\r\\n', 'not http at all\\r\\n\\r\\n', '\\u0000\\u0001\\u0002\\r\\n\\r\\n',
  'POST /limits HTTP/1.1\\r\\nHost: limits\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\n{}{}{\\r\\n0\\r\\n\\r\\n'
]

const ask = text => new Promise(resolve => {
  let answer = ''
  const socket = connect('/run/limits/limits.sock', () => socket.write(text))
  socket.setEncoding('latin1').on('data', part => { answer += part }).on('error', () => {})
  socket.on('close', () => resolve(/^HTTP\\/1\\.1 (\\d+)/.exec(answer)?.[1] ?? 'closed'))
})

const statuses = {}
for (let i = 0; i < ${count}; i++) {
  const status = await ask(requests[i % requests.length])
  statuses[status] = (statuses[status] ?? 0) + 1
}
console.log(JSON.stringify(statuses))
`
}
