import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readChapter } from '#scripts/tutorial/chapter.ts'
import { documents } from '#scripts/tutorial/documents.ts'
import { unknownNeeds } from '#scripts/tutorial/requirements.ts'

/** Every block of commands that nothing executes: its file, its first line, the reason. */
const skipped = [
  ['README.md', 'npm ci && npm start', 'it installs packages, and starts a second stack without Docker'],
  ['CONTRIBUTING.md', 'npm ci', "these are the project's own checks, an hour of them"],
  ['docs/attach.md', 'ATTACH_TO=shop docker compose -f compose.attach.yaml up --wait', 'scripts/attach does the same above'],
  ['docs/deployment.md', 'TAG=1.0.0 docker compose build --pull', 'it asks a registry for newer images'],
  ['docs/deployment.md', 'REGISTRY=registry.example.org/team/ TAG=1.0.0 docker compose build --pull --push api worker lab postgres redis', 'it needs a registry of your own'],
  ['docs/deployment.md', 'TAG=1.0.0 docker compose -f compose.yaml -f compose.prod.yaml up -d --wait', 'it runs the images of step 1; the tests of checkouts do that'],
  ['docs/limits.md', "docker compose exec lab lab sweep --path '/work/cpu?ms=5' --rate 40 --p99 250ms", 'it takes about five minutes, and needs a machine that has nothing else to do'],
  ['docs/limits.md', 'docker update --cpus 0.25 $(docker compose ps -q api)', 'the broker does the same above'],
  ['docs/overload.md', 'sudo npm run bench -- overload                      # as root, for a cgroup of half a CPU; no Docker; six minutes', 'a benchmark of six minutes that needs root'],
  ['tutorial/12-by-hand.md', 'sudo apt-get install busybox-static', 'it changes the system; what runs this text needs busybox before it starts']
]

const files = documents('.')
const reads = files.map(path => readChapter(path, readFileSync(path, 'utf8')))

test('the README, CONTRIBUTING and the documents are among what is executed', () => {
  const some = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/deployment.md']
  expect(files).toEqual(expect.arrayContaining(some))
})

test.each(reads)('every block of $chapter.path has a language, and can be read', ({ problems, chapter }) => {
  expect([...problems, ...unknownNeeds(chapter)]).toEqual([])
})

test('every block of commands is executed, except those of the list', () => {
  const blocks = reads.flatMap(({ chapter: { path, blocks } }) => blocks.map(block => ({ path, ...block })))
  const commands = blocks.filter(({ language }) => language === 'bash')
  expect(commands.filter(({ step }) => step === null)).toEqual([])
  const left = commands.flatMap(({ path, firstLine, step }) => {
    return step!.skip === null ? [] : [[path, firstLine, step!.skip]]
  })
  const inOrder = (rows: string[][]) => rows.map(row => row.join(' | ')).toSorted()
  expect(inOrder(left)).toEqual(inOrder(skipped.filter(([path]) => existsSync(path!))))
})
