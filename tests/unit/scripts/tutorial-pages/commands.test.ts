import { expect, test } from '@jest/globals'
import { experimentIn, loadAddressIn } from '#scripts/tutorial-pages/commands.ts'

const LAB = 'docker compose exec lab lab'

test.each([
  [`${LAB} run memory-limit\n`, 'memory-limit'],
  [`${LAB} run memory-limit --predict killed`, 'memory-limit'],
  [`${LAB} run memory-limit --predict=killed`, 'memory-limit'],
  [`${LAB} run memory-limit --json`, null],
  [`${LAB} run memory-limit | tail -1`, null],
  [`${LAB} run memory-limit\necho $?`, null],
  ['docker compose exec -T lab lab run memory-limit', null],
  [`${LAB} ps`, null]
])('%j runs the experiment %j', (code, experiment) => {
  expect(experimentIn(code)).toBe(experiment)
})

test.each([
  [`${LAB} load --path '/work/cpu?ms=5' --rate 60`, { service: 'api', path: '/work/cpu?ms=5', rates: '60', seconds: '20' }],
  [`${LAB} load --path /x --steps 20,40 \\\n  --duration 2m --connections 10 --service worker --json`, { service: 'worker', path: '/x', rates: '20,40', seconds: '120', connections: '10' }]
])('%j fills in the form', (code, fields) => {
  expect(Object.fromEntries(new URLSearchParams(loadAddressIn(code)!.replace('#load?', '')))).toEqual(fields)
})

test.each([`${LAB} load --path /x`, `${LAB} load --path /x --rate 5 --body '{}'`, `${LAB} ps --watch`])('%j is no load of the form', code => {
  expect(loadAddressIn(code)).toBeNull()
})
