import { addEvents } from '#lab/web/state/events.ts'
import { createState, onHello, onHistory, onSample } from '#lab/web/state/state.ts'
import { createPage } from './page.ts'
import { getBeliefs, getHistory } from './requests.ts'
import { openStream } from './stream.ts'
import './theme.css'

/** Asking costs the process that is asked, inside the container being measured. */
const ASK_AGAIN_MS = 60_000

const state = createState()
const page = createPage(state)
const ask = async () => { state.beliefs = await getBeliefs() ?? state.beliefs; page.update() }

openStream('api/stream', {
  connection: connection => { state.connection = connection; page.update() },
  hello: async hello => { onHello(state, hello); ask(); page.refresh(); onHistory(state, await getHistory()); page.update() },
  sample: sample => { onSample(state, sample); page.update() },
  event: event => { state.events = addEvents(state.events, [event]); if (event.kind === 'restarted') ask(); page.update() },
  jobs: jobs => { state.jobs = jobs; page.update() },
  sampler: sampler => { state.sampler = sampler; page.update() },
  run: run => { page.hearRun(run) },
  load: load => { page.hearLoad(load) }
})
setInterval(() => { if (!document.hidden) ask() }, ASK_AGAIN_MS)
