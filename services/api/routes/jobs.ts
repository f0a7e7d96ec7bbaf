import { Router } from 'express'
import type { Schemas } from '#api/schemas.ts'
import { methodNotAllowed, Refusal } from '#shared/http/problem.ts'
import { check, jsonObject } from '#shared/http/request.ts'
import type { JobFilter } from '#shared/jobs/job-store.ts'
import type { Job, JobKind, JobRequest } from '#shared/jobs/job.ts'
import type { Log } from '#shared/process/log.ts'
import { within } from '#shared/process/within.ts'

/** The store of jobs. If it cannot be reached, it throws StoreUnavailable. */
export interface Jobs {
  create: (request: JobRequest) => Promise<Job>
  find: (id: string) => Promise<Job | null>
  list: (filter: JobFilter) => Promise<Job[]>
  cancel: (id: string) => Promise<Job | null>
}

/** The queue that workers take jobs from. It may fail: the workers find in the store what the queue did not get. */
export interface Queue {
  add: (id: string, kind: JobKind) => Promise<void>
  remove: (id: string) => Promise<void>
}

/** A frozen Redis neither answers nor fails; the client must not have to wait for it. */
const QUEUE_MS = 500

export interface JobRouteDeps {
  jobs: Jobs
  queue: Queue
  schemas: Schemas
  bodyBytes: number
  log: Log
  onAccepted: (kind: JobKind) => void
}

export function jobRoutes ({ jobs, queue, schemas, bodyBytes, log, onAccepted }: JobRouteDeps): Router {
  const router = Router()

  router.post('/', jsonObject(bodyBytes), async (req, res) => {
    const job = await jobs.create(check(schemas.jobRequest, req.body))
    onAccepted(job.kind)
    await within(QUEUE_MS, queue.add(job.id, job.kind)).catch(reason =>
      log.debug({ id: job.id, reason }, 'the queue could not be updated')
    )
    res.status(202).location(`/jobs/${job.id}`).json(job)
  })

  router.get('/', async (req, res) => {
    const filter = check(schemas.jobList, req.query)
    const found = await jobs.list(filter)
    res.json({ jobs: found, nextCursor: found.length === filter.limit ? found.at(-1)!.id : null })
  })

  router.get('/:id', async (req, res) => {
    const job = await jobs.find(check(schemas.jobPath, req.params).id)
    if (job === null) throw noSuchJob()
    res.json(job)
  })

  router.delete('/:id', async (req, res) => {
    const { id } = check(schemas.jobPath, req.params)
    const job = await jobs.cancel(id)
    if (job === null) throw await whyNotCancelled(jobs, id)
    await within(QUEUE_MS, queue.remove(id)).catch(reason =>
      log.debug({ id, reason }, 'the queue could not be updated')
    )
    // A running job ends when its worker sees the request, so the response may still say "running".
    res.status(202).json(job)
  })

  router.all('/', methodNotAllowed('GET', 'POST'))
  router.all('/:id', methodNotAllowed('GET', 'DELETE'))
  return router
}

function noSuchJob (): Refusal {
  return new Refusal({ status: 404, code: 'unknown_job', detail: 'There is no job with this id.' })
}

async function whyNotCancelled (jobs: Jobs, id: string): Promise<Refusal> {
  const job = await jobs.find(id)
  if (job === null) return noSuchJob()
  return new Refusal({ status: 409, code: 'job_finished', detail: `This job has ended already: it ${job.status === 'succeeded' ? 'succeeded' : `is ${job.status}`}.` })
}
