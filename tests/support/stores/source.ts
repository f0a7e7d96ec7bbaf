/** Where a store of the integration tests comes from: a url in the environment, a container, a local process. */
export type Source = 'given' | 'docker' | 'local'

export interface Surroundings {
  env: { DATABASE_URL?: string | undefined, REDIS_URL?: string | undefined }
  dockerAnswers: boolean
}

/** Decides for each store by itself: a given url comes first, then Docker, then a process on this machine. */
export function chooseSources ({ env, dockerAnswers }: Surroundings): { postgres: Source, redis: Source } {
  const choose = (url: string | undefined): Source => url ? 'given' : dockerAnswers ? 'docker' : 'local'
  return { postgres: choose(env.DATABASE_URL), redis: choose(env.REDIS_URL) }
}
