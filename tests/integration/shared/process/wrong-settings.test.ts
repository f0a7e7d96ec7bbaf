import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'

let directory: string
beforeAll(() => { directory = mkdtempSync(join(tmpdir(), 'limits-lab-settings-')) })
afterAll(() => { rmSync(directory, { recursive: true }) })

test.each(['api', 'worker', 'lab'])('the %s, given wrong settings, ends with one line that names all of them', async service => {
  const file = join(directory, 'password')
  writeFileSync(file, 'correct\nhorse')
  const env = { DATABASE_URL: 'postgres://lab@127.0.0.1:1/lab', DATABASE_PASSWORD_FILE: file, REDIS_URL: 'redis://127.0.0.1:1', LOG_LEVEL: 'loud' }
  await expect(promisify(execFile)(process.execPath, [`dist/${service}/main.js`], { env })).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: `LOG_LEVEL must be one of debug, info, warn, error, silent, got "loud"; DATABASE_PASSWORD_FILE: ${file} holds more than one line: a password is one\n`
  })
})
