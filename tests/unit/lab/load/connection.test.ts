import { expect, test } from '@jest/globals'
import { requestText } from '#lab/load/connection.ts'

test('a GET is a request line and headers', () => {
  expect(requestText({ method: 'GET', path: '/work/cpu?ms=5' }, 'http://api:3000').toString())
    .toBe('GET /work/cpu?ms=5 HTTP/1.1\r\nHost: api:3000\r\nUser-Agent: limits-lab\r\nAccept: */*\r\n\r\n')
})

test('a POST has the length of its body in bytes', () => {
  expect(requestText({ method: 'POST', path: '/jobs', body: { note: 'ä' } }, 'http://api:3000').toString()).toMatch(
    /^POST \/jobs HTTP\/1.1\r\n.*\r\nContent-Type: application\/json\r\nContent-Length: 13\r\n\r\n{"note":"ä"}$/s
  )
})
