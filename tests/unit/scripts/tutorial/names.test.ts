import { expect, test } from '@jest/globals'
import { withoutBuild, withReader, withReaderNames, withRunPorts } from '#scripts/tutorial/names.ts'

const names = {
  project: 'tutorial-1a2b', apiPort: 23456, labPort: 23457, tag: 'dev-1a2b', directory: '/tmp/x/limits-lab'
}

test.each([
  ['curl -s 127.0.0.1:3000/cgroup', 'curl -s 127.0.0.1:23456/cgroup'],
  ['curl -s http://localhost:8080/metrics', 'curl -s http://localhost:23457/metrics'],
  ['exec 3<>/dev/tcp/127.0.0.1/3000', 'exec 3<>/dev/tcp/127.0.0.1/23456'],
  ['curl 127.0.0.1:30001', 'curl 127.0.0.1:30001'],
  ['docker compose exec worker cat x; curl 127.0.0.1:3000', 'docker compose exec worker cat x; curl 127.0.0.1:23456'],
  ['docker compose exec worker cat "x;y" | curl -d @- 127.0.0.1:3000', 'docker compose exec worker cat "x;y" | curl -d @- 127.0.0.1:23456'],
  ['id=$(docker compose exec api hostname) curl 127.0.0.1:3000', 'id=$(docker compose exec api hostname) curl 127.0.0.1:23456'],
  ['docker compose exec api true\ncurl 127.0.0.1:3000', 'docker compose exec api true\ncurl 127.0.0.1:23456']
])('a command of the host gets the ports of the run: %s', (commands, run) => {
  expect(withRunPorts(commands, names)).toBe(run)
})

test.each([
  'docker compose exec api node -e "x; fetch(\'http://127.0.0.1:3000/livez\')"',
  'docker compose exec -T api \\\n  node -e \'\n    fetch("http://127.0.0.1:3000/livez")\n  \'',
  'docker run --rm --network host image curl 127.0.0.1:3000'
])('a command in a container keeps its ports: %s', commands => {
  expect(withRunPorts(commands, names)).toBe(commands)
})

test('an output has the names and ports of the reader', () => {
  const output = 'tutorial-1a2b-worker-1 limits-lab-worker:dev-1a2b 127.0.0.1:23456->3000/tcp, cd /tmp/x/limits-lab/docs\r\n'
  expect(withReader(output, names))
    .toBe('limits-lab-worker-1 limits-lab-worker:dev 127.0.0.1:3000->3000/tcp, cd ~/limits-lab/docs\n')
  expect(withReader('23457 jobs', names)).toBe('23457 jobs')
})

test('an output for claims keeps the ports, because those of the claims are replaced as well', () => {
  expect(withReaderNames('tutorial-1a2b_back 127.0.0.1:23456', names)).toBe('limits-lab_back 127.0.0.1:23456')
})

test('columns stay columns', () => {
  expect(withReader('NAME                    STATE\ntutorial-1a2b-worker-1  up\n', names))
    .toBe('NAME                    STATE\nlimits-lab-worker-1     up\n')
})

test('an output has no colours', () => {
  expect(withReader('\x1b[32mup\x1b[0m', names)).toBe('up')
})

test.each([
  ['docker compose up --build --wait', 'docker compose up --wait'],
  ['TAG=x docker compose -f a.yaml up --wait --build && docker compose ps', 'TAG=x docker compose -f a.yaml up --wait && docker compose ps'],
  ['docker compose build', 'docker compose build'],
  ['docker compose up --wait; echo --build', 'docker compose up --wait; echo --build']
])('%s without building is %s', (commands, without) => {
  expect(withoutBuild(commands)).toBe(without)
})
