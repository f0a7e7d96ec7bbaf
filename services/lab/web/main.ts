import { addEvent } from '#lab/web/state/events.ts'
import { createState, onHello, onHistory, onSample } from '#lab/web/state/state.ts'
import type { Hello, LabEvent } from '#lab/wire/live.ts'
import { isAttached } from './container-words.ts'
import { createPage } from './page.ts'
import { getBeliefs, getHistory } from './requests.ts'
import { openStream } from './stream.ts'
import './theme.css'

/** Not more often: answering costs the process that is asked, inside the container being measured. */
const BELIEFS_EVERY_MS = 60_000

const state = createState()
const page = createPage(state)

/** Changes the state, then draws it. */
function set (change: Partial<typeof state>): void {
  Object.assign(state, change)
  page.update()
}

async function refreshBeliefs (): Promise<void> {
  if (isAttached(state.hello)) return
  set({ beliefs: await getBeliefs() ?? state.beliefs })
}

async function begin (hello: Hello): Promise<void> {
  onHello(state, hello)
  refreshBeliefs()
  page.refresh()
  onHistory(state, await getHistory())
  page.update()
}

function add (event: LabEvent): void {
  set({ events: addEvent(state.events, event) })
  if (event.kind === 'restarted') refreshBeliefs()
}

openStream('api/stream', {
  connection: connection => { set({ connection }) },
  hello: begin,
  sample (sample) {
    onSample(state, sample)
    page.update()
  },
  event: add,
  jobs: jobs => { set({ jobs }) },
  sampler: sampler => { set({ sampler }) },
  limits: limits => { set({ limits }) },
  run: page.onRunUpdate,
  load: page.onLoadUpdate,
  sweep: page.onSweepUpdate
})
setInterval(() => { if (!document.hidden) refreshBeliefs() }, BELIEFS_EVERY_MS)
