import * as z from 'zod'
import { failureCodes, jobKinds, jobStatuses, type JobParams } from '#shared/jobs/job.ts'
import type { Bounds } from './config.ts'

/** The schemas of requests. Both the checks and the OpenAPI document are made from them. */
export type Schemas = ReturnType<typeof createSchemas>

/** With less, Node cannot even start far enough to report the failure. */
const LEAST_HEAP_MIB = 16

export function createSchemas (bounds: Bounds) {
  const holdMs = whole(0, bounds.holdMs).default(1000)

  const params = {
    noop: z.strictObject({}).default({}),
    sleep: z.strictObject({ ms: whole(1, bounds.sleepMs) }),
    cpu: z.strictObject({ ms: whole(1, bounds.cpuMs), threads: whole(1, bounds.threads).default(1) }),
    memory: z.strictObject({
      mib: whole(1, bounds.memoryMib),
      holdMs,
      heap: z.boolean().default(false),
      heapMib: whole(LEAST_HEAP_MIB, bounds.memoryMib).optional()
    }).refine(({ heap, heapMib }) => heap || heapMib === undefined, { path: ['heapMib'], error: 'needs heap: true; it is the ceiling of V8\'s heap' }),
    file: z.strictObject({
      mib: whole(1, bounds.fileMib),
      tmpfsMib: whole(0, bounds.tmpfsMib).optional(),
      holdMs: whole(0, bounds.holdMs).optional()
    }),
    processes: z.strictObject({ count: whole(1, bounds.processes), holdMs }),
    probe: z.strictObject({
      with: z.enum(['node', 'bash'], { error: 'expected node or bash' }),
      times: whole(1, bounds.probes).default(1)
    })
  } satisfies { [K in keyof JobParams]: z.ZodType<JobParams[K]> }

  return {
    jobRequest: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('noop'), params: params.noop }),
      z.strictObject({ kind: z.literal('sleep'), params: params.sleep }),
      z.strictObject({ kind: z.literal('cpu'), params: params.cpu }),
      z.strictObject({ kind: z.literal('memory'), params: params.memory }),
      z.strictObject({ kind: z.literal('file'), params: params.file }),
      z.strictObject({ kind: z.literal('processes'), params: params.processes }),
      z.strictObject({ kind: z.literal('probe'), params: params.probe })
    ]),
    jobPath: z.object({ id: z.uuid() }),
    jobList: z.strictObject({
      status: z.enum(jobStatuses).optional(),
      kind: z.enum(jobKinds).optional(),
      limit: fromText(whole(1, 100).default(20)),
      cursor: z.uuid().optional()
    }),
    workCpu: z.strictObject({ ms: fromText(whole(1, bounds.workCpuMs).default(5)) }),
    workMemory: z.strictObject({
      mib: fromText(whole(1, bounds.workMemoryMib).default(16)),
      holdMs: fromText(whole(0, bounds.holdMs).default(100))
    })
  }
}

/** Whatever is wrong with a number, the message says what is allowed. */
function whole (min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`
  return z.int({ error }).min(min, { error }).max(max, { error })
}

/** Query parameters are text. Only plain digits count as a number (`Number('')` is 0, `Number('1e3')` is 1000). */
function fromText (schema: z.ZodDefault<z.ZodInt>) {
  return z.preprocess(text => typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : text, schema)
}

const nullable = <T extends z.ZodType>(schema: T) => schema.nullable()

const codesInWords = 'Judged by evidence. `oom_killed`: the process got SIGKILL and the `oom_kill` of its container rose; `message` says whose ' +
  'memory limit it was, the container\'s own or another, if the kernel counts that.'

/** The shape of a job in responses, for the document only. */
export const jobAnswer = z.object({
  id: z.uuid(),
  kind: z.enum(jobKinds),
  params: z.record(z.string(), z.unknown()),
  status: z.enum(jobStatuses),
  attempts: z.int(),
  createdAt: z.iso.datetime(),
  startedAt: nullable(z.iso.datetime()),
  finishedAt: nullable(z.iso.datetime()),
  worker: nullable(z.string()),
  usage: nullable(z.object({
    cpuSeconds: nullable(z.number()),
    throttledSeconds: nullable(z.number()),
    peakMemoryBytes: nullable(z.int()),
    // Jobs of an earlier version lack it.
    peakMemoryFrom: nullable(z.enum(['kernel', 'samples'])).optional()
      .describe('`kernel`: the kernel\'s own mark. `samples`: the highest sampled value; usage may have been higher between two samples.'),
    wallMs: z.int()
  })),
  result: nullable(z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))),
  error: nullable(z.object({ code: z.enum(failureCodes).describe(codesInWords), message: z.string() }))
})

export const problemAnswer = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  faults: z.array(z.object({ at: z.string(), detail: z.string() })).optional()
})
