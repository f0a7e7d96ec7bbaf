import { expect, test } from '@jest/globals'
import { renderChapter, renderSection } from '#scripts/tutorial-pages/render.ts'

const TOP = '<!-- chapter\nminutes: 12\nneeds: [root]   # YAML\n-->\n# 6. Too much memory\n\n'
const render = (text: string) => renderChapter('06-too-much-memory', TOP + text, () => ({ width: 640, height: 120 }))
const html = (text: string) => render(text).html.replace('<h2>6. Too much memory</h2>\n', '')
const fence = (info: string, ...lines: string[]) => ['```' + info, ...lines, '```', ''].join('\n')

test('a chapter says what it is, which sections it has, and which experiments it runs', () => {
  const run = fence('bash', 'docker compose exec lab lab run memory-limit --predict killed')
  expect(render(`## Try \`it\`\n\n${run}\n## Try it\n\n### Part\n\n${run}`).chapter).toEqual({
    slug: '06-too-much-memory',
    number: 6,
    title: 'Too much memory',
    minutes: 12,
    needs: ['root'],
    sections: [{ id: 'try-it', title: 'Try it' }, { id: 'try-it-1', title: 'Try it' }],
    experiments: ['memory-limit', 'memory-limit']
  })
})

test('headings are a level lower, and each has the address that leads to it as its id', () => {
  expect(html('## Break it, and put it back')).toBe(
    '<h3 id="learn/06-too-much-memory/break-it-and-put-it-back">Break it, and put it back</h3>\n')
})

test('what only maintainers read does not reach the page, and neither do the attributes of a block', () => {
  const text = [
    '<!-- setup\nbefore=$(date)\n-->', 'Seen.', '<!-- claim: It is so.\n[ "$OUT" = 1 ]\n-->',
    fence('bash {exit=1 within=120s}', 'false'), '<!-- interrupt watch -->', 'Seen <!-- not seen --> too.',
    '<!-- after\ndocker compose down\n-->', 'Next: [7. Too much CPU](07-too-much-cpu.md)'
  ].join('\n\n')
  const seen = html(text)
  expect(seen.replaceAll(/<[^>]*>/g, '').split(/\n+/).filter(line => line !== '')).toEqual(['Seen.', 'false', 'Seen  too.'])
  expect(seen).not.toMatch(/exit|within|before|claim|<!--|Next/)
})

test('a step in another terminal says so, and a third one is told from the second', () => {
  const step = (name: string) => fence(`bash {terminal=${name}}`, 'sleep 1')
  expect(html(step('watch') + step('load') + step('watch')).match(/<p class="place">[^<]*/g)).toEqual([
    '<p class="place">In another terminal',
    '<p class="place">In a third terminal',
    '<p class="place">In another terminal'
  ])
})

test('an empty step, which waits for another terminal, is not shown', () => {
  expect(html(fence('bash {terminal=watch wait}'))).toBe('')
})

test('steps and outputs of one version of cgroup are folded together', () => {
  const both = ['v1', 'v2'].map(version => fence(`bash {cgroup=${version}}`, 'cat file') + fence(`text {cgroup=${version}}`, version)).join('')
  expect(html(both).match(/<details[^>]*>|<summary>[^<]*|<\/details>|v\d$|^<div class="step">/gm)).toEqual([
    '<details class="version" data-cgroup="v1" open>', '<summary>On cgroup v1', '<div class="step">', 'v1', '</details>',
    '<details class="version" data-cgroup="v2" open>', '<summary>On cgroup v2', '<div class="step">', 'v2', '</details>'
  ])
})

test('a line that only names the version is left out, because the folded block has the same name', () => {
  const step = fence('bash {cgroup=v2}', 'cat file')
  expect(html(`On cgroup v2:\n\n${step}`)).toBe(html(step))
  expect(html(`On cgroup v1:\n\n${step}`)).toContain('<p>On cgroup v1:</p>')
  expect(html(`On cgroup v2, if it is new:\n\n${step}`)).toContain('<p>On cgroup v2, if it is new:</p>')
})

test('a step that is the same on both versions keeps its outputs, each folded under its version', () => {
  const text = fence('bash', 'docker compose exec lab lab run cpu-limit') + fence('text {cgroup=v1}', 'one') + fence('text {cgroup=v2}', 'two')
  expect(html(text).match(/<details[^>]*>|<pre|<\/details>|<\/div>$/gm)).toEqual([
    '<details class="terminal" open>', '<pre', '</div>',
    '<details class="version" data-cgroup="v1" open>', '<pre', '</details>',
    '<details class="version" data-cgroup="v2" open>', '<pre', '</details>',
    '</details>', '</div>'
  ])
})

test('a step that runs an experiment is the place of the experiment, and folds itself with its output', () => {
  const text = fence('bash', 'docker compose exec lab lab run cpu-limit') + '<!-- claim: x\ntrue\n-->\n' + fence('text', 'holds')
  expect(html(text)).toMatch(/^<div class="experiment" data-experiment="cpu-limit">\n<details class="terminal" open>[^]*run cpu-limit[^]*holds\n<\/pre>\n<\/details>\n<\/div>\n$/)
})

test('a step that sends a load has the address of the form, filled in', () => {
  const text = fence('bash', "docker compose exec lab lab load --path '/work/cpu?ms=5' --steps 40,80 --duration 30s")
  expect(html(text)).toContain('<a href="#load?service=api&amp;path=%2Fwork%2Fcpu%3Fms%3D5&amp;rates=40%2C80&amp;seconds=30">')
})

test('places of live parts are kept', () => {
  expect(html('<!-- card: worker -->\n\n<!-- chart: api throttled -->')).toBe(
    '<aside class="live" data-live="card" data-service="worker"></aside>\n' +
    '<aside class="live" data-live="chart" data-service="api" data-chart="throttled"></aside>\n')
})

test('links lead to chapters, to the contents and elsewhere; of other files of the repository the path is shown', () => {
  expect(html('[7](07-too-much-cpu.md#try-it) [all](README.md) [here](#try-it) [man](https://man7.org/) [why](../docs/a.md) [docs/a.md](../docs/a.md)')).toBe(
    '<p><a href="#learn/07-too-much-cpu/try-it">7</a> <a href="#learn">all</a> <a href="#learn/06-too-much-memory/try-it">here</a> ' +
    '<a href="https://man7.org/" rel="noreferrer">man</a> why (<code>docs/a.md</code>) docs/a.md</p>\n')
})

test('a picture has its size, so that nothing moves when it arrives', () => {
  const { html, pictures } = render('![Parts of the memory](images/parts.svg)')
  expect(html).toContain('<img src="picture:images/parts.svg" alt="Parts of the memory" width="640" height="120">')
  expect(pictures).toEqual(['images/parts.svg'])
})

test.each([
  ['HTML', 'One.\n\n<script>alert(1)</script>', /^line 9: HTML/],
  ['an element within a line', 'A <b>word</b>', /^line 7: HTML/],
  ['a picture without a text alternative', '![](images/parts.svg)', /^line 7: images\/parts\.svg/],
  ['a chart of nothing', '<!-- chart: worker moon -->', /^line 7: chart/],
  ['a cgroup of another version', fence('bash {cgroup=v3}', 'true'), /^line 7: there is no cgroup v3/]
])('%s is refused, with its line', (_what, text, expected) => {
  expect(() => render(text)).toThrow(expected)
})

test('a chapter without its minutes or its title is refused', () => {
  expect(() => renderChapter('a', '# 1. One', () => { throw new Error('no picture') })).toThrow('minutes')
  expect(() => renderChapter('a', TOP.replace('6. ', ''), () => { throw new Error('no picture') })).toThrow('line 5')
})

test('a section of a document is shown without what stands before and after it, and its links lead to chapters', () => {
  const text = '# Tutorial\n\nBefore.\n\n## What people say\n\n| say | seen |\n|---|---|\n| Yes. | [6](06-too-much-memory.md) |\n\n## Next\n\nAfter.\n'
  const section = renderSection(text, 'What people say')
  expect(section).toMatch(/^<h3>What people say<\/h3>\n<div class="table"><table>/)
  expect(section).toContain('<a href="#learn/06-too-much-memory">6</a>')
  expect(section).not.toMatch(/Before|After|Next/)
  expect(() => renderSection(text, 'Who says it')).toThrow('there is no section “Who says it”')
})
