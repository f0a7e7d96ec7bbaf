import type { Stack } from './stack.ts'

/** How many requests or adds wait for an answer at the same time. */
export const IN_FLIGHT = 10

/** What it took to hand over a number of jobs. */
export interface Posting { seconds: number, p50Ms: number, p99Ms: number }

/** Milliseconds since the epoch, by the clock that all containers of a host share. */
export interface Times { firstAcceptedMs: number, firstStartedMs: number, lastEndedMs: number }

/** A way of jobs from being posted to being done: ours, or bare BullMQ. It runs in the containers of its stack. */
export interface JobWay {
  readonly stack: Stack
  /** Hands over `jobs` jobs as fast as they are accepted. */
  post: (jobs: number) => Promise<Posting>
  /** Resolves when all jobs have ended. */
  ended: () => Promise<void>
  /** The times of the jobs that were posted last, after they have ended. */
  times: (jobs: number) => Promise<Times>
}
