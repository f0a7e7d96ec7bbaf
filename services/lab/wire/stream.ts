import type { RunView } from './experiments.ts'
import type { Hello, JobsView, LabEvent, Sample, SamplerView } from './live.ts'
import type { LimitsView } from './limits.ts'
import type { LoadView } from './load.ts'
import type { SweepView } from './sweep.ts'

/** GET /api/stream: the names of its events, and what each carries. */
export interface StreamEvents {
  hello: Hello
  sample: Sample
  event: LabEvent
  jobs: JobsView
  run: RunView
  sampler: SamplerView
  load: LoadView
  limits: LimitsView
  sweep: SweepView
}
