import { Router } from 'express'
import { Refusal } from '#shared/http/problem.ts'

/** Beside another project nobody can be asked for what the API and the worker of limits-lab know. */
export function absentRoutes (project: string): Router {
  const router = Router()
  const refuse = (what: string) => () => {
    const detail = `The lab is attached to ${project}. ${what}, which are not there.`
    throw new Refusal({ status: 409, code: 'attached', detail })
  }
  router.all(['/jobs', '/jobs/:id'], refuse('Jobs belong to the API and the worker of limits-lab'))
  router.all('/whoami', refuse('What a process believes is known from the API and the worker of limits-lab'))
  return router
}
