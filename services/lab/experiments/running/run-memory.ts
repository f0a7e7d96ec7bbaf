import type { Run, RunView } from '#lab/wire/experiments.ts'
import type { RunStore } from './run-store.ts'

const MOST_RUNS = 50

/** The runs where there is no Postgres, until the lab ends. The oldest make room. */
export class RunMemory implements Pick<RunStore, 'save' | 'find' | 'list'> {
  /** Oldest first. */
  readonly #runs = new Map<string, Run>()

  async save (run: Run): Promise<void> {
    this.#runs.set(run.id, run)
    for (const id of [...this.#runs.keys()].slice(0, -MOST_RUNS)) this.#runs.delete(id)
  }

  async find (id: string): Promise<Run | null> { return this.#runs.get(id) ?? null }

  async list ({ experiment, limit }: { experiment?: string | undefined, limit: number }): Promise<RunView[]> {
    const runs = [...this.#runs.values()].filter(run => experiment === undefined || run.experiment === experiment)
    return runs.toReversed().slice(0, limit).map(({ recording: _recording, facts: _facts, ...view }) => view)
  }
}
