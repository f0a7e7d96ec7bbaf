import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { experiments } from '#lab/experiments/all.ts'

const contents = readFileSync('tutorial/README.md', 'utf8')
const chapters = readdirSync('tutorial').filter(name => /^\d\d-.*\.md$/.test(name)).sort()

/** The cells of each row of the table that is under this heading. */
function rowsUnder (heading: string): string[][] {
  const section = contents.split(/^## /m).find(section => section.startsWith(`${heading}\n`))!
  const rows = section.split('\n').filter(line => line.startsWith('| '))
  return rows.slice(1).map(row => row.split('|').slice(1, -1).map(cell => cell.trim()))
}

test('the contents list the chapters in their order', () => {
  const files = rowsUnder('The chapters').map(([link]) => /\((.*)\)/.exec(link!)![1]!)
  expect(files).toEqual([...files].sort())
  expect(files).toEqual(expect.arrayContaining(chapters))
})

test.each(chapters)('the contents name the title and the minutes of %s as the chapter does', name => {
  const chapter = readFileSync(`tutorial/${name}`, 'utf8')
  const title = /^# (.*)$/m.exec(chapter)![1]!
  const minutes = /^minutes: (\d+)$/m.exec(chapter)![1]!
  const row = rowsUnder('The chapters').find(([link]) => link!.endsWith(`(${name})`))
  expect(row?.slice(0, 2)).toEqual([`[${title}](${name})`, minutes])
})

const sentences = rowsUnder('What people say about containers')

test.each(sentences)('%s: is true, half true, false or not shown yet, and shown in a chapter if it is judged', (_sentence, verdict, why, where) => {
  expect(['true', 'half true', 'false', 'not shown yet']).toContain(verdict)
  const isShown = verdict !== 'not shown yet'
  expect([why !== '', /\[\d+\]\(\d\d-[\w-]+\.md\)/.test(where!)]).toEqual([isShown, isShown])
})

test('every experiment shows whether something that people say is so', () => {
  const named = new Set(sentences.flatMap(([, , , where]) => [...where!.matchAll(/`([\w-]+)`/g)].map(([, id]) => id!)))
  expect([...named].sort()).toEqual(experiments.map(({ id }) => id).sort())
})
