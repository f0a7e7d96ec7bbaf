import * as z from 'zod'
import { openPaths } from '#shared/http/guard.ts'
import { jobAnswer, problemAnswer, type Schemas } from './schemas.ts'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document. Its schemas are the same ones that check requests. */
export function createOpenApi (schemas: Schemas, version: string): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'limits-lab api', version, description, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
    paths: guarded({
      '/jobs': { post: postJob(), get: listJobs(schemas) },
      '/jobs/{id}': { get: getJob(schemas), delete: cancelJob(schemas) },
      '/work/cpu': { get: work('Use CPU time in the API itself', schemas.workCpu) },
      '/work/memory': { get: work('Hold memory in the API itself', schemas.workMemory) },
      '/work/marker/{id}': marker(schemas),
      '/whoami': { get: plain('The identity of this process, and what it believes about the machine') },
      '/cgroup': { get: readOwn() },
      '/livez': { get: plain('The process answers') },
      '/readyz': {
        get: {
          ...plain('The process can do its work'),
          responses: { 200: described('Ready'), 503: described('Not ready; `failing` says why') }
        }
      },
      '/metrics': {
        get: {
          summary: 'Metrics for Prometheus',
          responses: { 200: { description: 'Text format 0.0.4', content: { 'text/plain': {} } } }
        }
      }
    }),
    components: {
      schemas: { Job: answer(jobAnswer), JobRequest: request(schemas.jobRequest), Problem: answer(problemAnswer) }
    }
  }
}

const description = 'Jobs and work on request, in a container with limits. It answers only to its own names (otherwise 421), and in a ' +
  'browser only to its own pages (otherwise 403); API_ALLOWED_HOSTS adds names.'

/** Adds the refusals of the guard, which comes before everything. */
function guarded (paths: Record<string, Record<string, Json>>): Json {
  const refusable = (operation: Json, statuses: number[]): Json =>
    ({ ...operation, responses: { ...operation.responses as Json, ...problems(...statuses) } })
  return mapValues(paths, (item, path) => {
    const statuses = openPaths.has(path) ? [421] : [403, 421]
    return mapValues(item, operation => refusable(operation, statuses))
  })
}

function mapValues<T> (from: Record<string, T>, map: (value: T, key: string) => Json): Json {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, map(value, key)]))
}

function postJob (): Json {
  return {
    summary: 'Create a job',
    requestBody: { required: true, content: { 'application/json': { schema: ref('JobRequest'), examples } } },
    responses: {
      202: { ...jobIn('Accepted: it is stored and will run'), headers: { Location: { schema: { type: 'string' }, description: 'The path of the job' } } },
      ...problems(400, 413, 415, 503)
    }
  }
}

const examples = {
  cpu: { value: { kind: 'cpu', params: { ms: 2000, threads: 2 } } },
  memory: { value: { kind: 'memory', params: { mib: 512 } } },
  heap: { value: { kind: 'memory', params: { mib: 512, heap: true, heapMib: 64 } } },
  file: { value: { kind: 'file', params: { mib: 512, tmpfsMib: 96 } } },
  noop: { value: { kind: 'noop' } }
}

function listJobs (schemas: Schemas): Json {
  const list = {
    type: 'object',
    properties: { jobs: { type: 'array', items: ref('Job') }, nextCursor: { type: ['string', 'null'] } }
  }
  return {
    summary: 'Jobs, newest first',
    parameters: query(schemas.jobList),
    responses: { 200: { description: 'A page of jobs; `nextCursor` asks for the next one', content: { 'application/json': { schema: list } } }, ...problems(400, 503) }
  }
}

function getJob (schemas: Schemas): Json {
  return { summary: 'A job', parameters: path(schemas.jobPath), responses: { 200: jobIn('The job'), ...problems(400, 404, 503) } }
}

function cancelJob (schemas: Schemas): Json {
  return {
    summary: 'Cancel a job',
    description: 'A queued job is cancelled at once, a running one when its worker sees the request.',
    parameters: path(schemas.jobPath),
    responses: { 202: jobIn('Cancelled, or its end was requested'), ...problems(400, 404, 409, 503) }
  }
}

function work (summary: string, schema: z.ZodType): Json {
  return { summary, parameters: query(schema), responses: { 200: described('Done'), ...problems(400, 404) } }
}

function marker (schemas: Schemas): Record<string, Json> {
  const parameters = path(schemas.jobPath)
  return {
    put: { summary: 'Leave a small file in the API\'s container', parameters, responses: { 200: described('Where it was written, and where not'), ...problems(400, 404, 409) } },
    get: { summary: 'Look for it', parameters, responses: { 200: described('Where it is'), ...problems(400, 404) } },
    delete: { summary: 'Remove it', parameters, responses: { 200: described('Where it was'), ...problems(400, 404) } }
  }
}

function plain (summary: string): Json {
  return { summary, responses: { 200: { description: 'As JSON', content: { 'application/json': {} } } } }
}

function readOwn (): Json {
  const read = plain('The container\'s own reading, with its effective limits')
  return { ...read, responses: { ...read.responses as Json, ...problems(404) } }
}

function jobIn (description: string): Json {
  return { description, content: { 'application/json': { schema: ref('Job') } } }
}

function problems (...statuses: number[]): Json {
  const problem = {
    description: 'Refused; `detail` says why',
    content: { 'application/problem+json': { schema: ref('Problem') } }
  }
  return Object.fromEntries(statuses.map(status => [status, problem]))
}

function described (description: string): Json { return { description } }
function ref (name: string): Json { return { $ref: `#/components/schemas/${name}` } }
function query (schema: z.ZodType): Json[] { return parameters(schema, 'query') }
function path (schema: z.ZodType): Json[] { return parameters(schema, 'path') }

function parameters (schema: z.ZodType, place: 'query' | 'path'): Json[] {
  const { properties = {}, required = [] } = request(schema) as { properties?: Json, required?: string[] }
  return Object.entries(properties)
    .map(([name, schema]) => ({ name, in: place, required: required.includes(name), schema }))
}

/** The schema of what a client may send: a property with a default is optional. */
function request (schema: z.ZodType): Json { return withoutDialect(z.toJSONSchema(schema, { io: 'input' })) }
function answer (schema: z.ZodType): Json { return withoutDialect(z.toJSONSchema(schema)) }

function withoutDialect ({ $schema: _, ...schema }: Json): Json { return schema }
