import { Router } from 'express'
import type { Experiment } from '#lab/experiments/experiment.ts'
import type { Runs } from '#lab/experiments/running/runs.ts'
import type { ExperimentView } from '#lab/wire/experiments.ts'
import { methodNotAllowed, Refusal } from '#shared/http/problem.ts'
import { jsonObjectOrNothing } from '#shared/http/request.ts'

export interface ExperimentRouteDeps {
  experiments: Experiment[]
  runs: Pick<Runs, 'start' | 'cancel' | 'find' | 'list' | 'current'>
  /** Whether runs may be started. */
  isOn: boolean
  bodyBytes: number
}

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 200

/** The experiments and their runs. */
export function experimentRoutes ({ experiments, runs, isOn, bodyBytes }: ExperimentRouteDeps): Router {
  const router = Router()
  router.get('/experiments', (_req, res) => {
    res.json({ experiments: experiments.map(viewOf), running: runs.current })
  })
  router.get('/experiments/:id', (req, res) => {
    res.json(viewOf(experimentOf(experiments, req.params.id)))
  })

  router.post<{ id: string }>('/experiments/:id/runs', jsonObjectOrNothing(bodyBytes), async (req, res) => {
    const experiment = experimentOf(experiments, req.params.id)
    if (!isOn) throw experimentsAreOff()
    const run = await runs.start(experiment, predictionIn(req.body, experiment))
    res.status(202).location(`/api/runs/${run.id}`).json(run)
  })

  router.get('/runs', async (req, res) => {
    const experiment = req.query['experiment'] === undefined ? undefined : String(req.query['experiment'])
    if (experiment !== undefined) experimentOf(experiments, experiment)
    res.json({ runs: await runs.list({ experiment, limit: limitIn(req.query['limit']) }) })
  })
  router.get('/runs/:id', async (req, res) => {
    const run = await runs.find(runId(req.params.id))
    if (run === null) throw noSuchRun()
    res.json(run)
  })
  router.delete('/runs/:id', async (req, res) => {
    const cancelled = runs.cancel(runId(req.params.id))
    if (cancelled === null) throw await whyNotCancelled(runs, req.params.id)
    res.status(202).json(cancelled)
  })

  router.all(['/experiments', '/experiments/:id', '/runs'], methodNotAllowed('GET'))
  router.all('/experiments/:id/runs', methodNotAllowed('POST'))
  router.all('/runs/:id', methodNotAllowed('GET', 'DELETE'))
  return router
}

/** Without the answer and the judgement: these come with the verdict. */
function viewOf (experiment: Experiment): ExperimentView {
  const { id, topic, title, question, choices, does, seconds, watches, ifYouSawSomethingElse } = experiment
  return { id, topic, title, question, choices, does, seconds, watches, ifYouSawSomethingElse }
}

function experimentOf (experiments: Experiment[], id: string): Experiment {
  const found = experiments.find(experiment => experiment.id === id)
  if (found !== undefined) return found
  const detail = `There is no experiment ${JSON.stringify(id)}; there are ${experiments.map(({ id }) => id).join(', ')}.`
  throw new Refusal({ status: 404, code: 'unknown_experiment', detail })
}

/** `{"prediction": "killed"}`, or nothing: a run needs no prediction. */
function predictionIn (body: unknown, { choices }: Experiment): string | null {
  const prediction = (body as { prediction?: unknown } | undefined)?.prediction ?? null
  if (prediction === null || choices.some(({ id }) => id === prediction)) return prediction as string | null
  const detail = `prediction: expected one of ${choices.map(({ id }) => id).join(', ')}`
  throw new Refusal({ status: 400, code: 'invalid_request', detail })
}

function limitIn (text: unknown): number {
  if (text === undefined) return DEFAULT_LIMIT
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new Refusal({ status: 400, code: 'invalid_request', detail: `limit: expected a whole number from 1 to ${MAX_LIMIT}` })
}

function runId (text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text
  throw new Refusal({ status: 400, code: 'invalid_request', detail: 'This is not the id of a run.' })
}

function experimentsAreOff (): Refusal {
  return new Refusal({ status: 403, code: 'experiments_are_off', detail: 'Experiments are switched off here (LAB_EXPERIMENTS=off).' })
}

function noSuchRun (): Refusal {
  return new Refusal({ status: 404, code: 'unknown_run', detail: 'There is no run with this id.' })
}

async function whyNotCancelled (runs: Pick<Runs, 'find'>, id: string): Promise<Refusal> {
  if (await runs.find(id) === null) return noSuchRun()
  return new Refusal({ status: 409, code: 'run_ended', detail: 'This run has ended already.' })
}
