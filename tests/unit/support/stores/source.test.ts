import { expect, test } from '@jest/globals'
import { chooseSources } from '#support/stores/source.ts'

const postgresUrl = { DATABASE_URL: 'postgres://somewhere/db' }
const redisUrl = { REDIS_URL: 'redis://somewhere' }

test.each([
  { given: 'nothing', env: {}, dockerAnswers: false, postgres: 'local', redis: 'local' },
  { given: 'an engine', env: {}, dockerAnswers: true, postgres: 'docker', redis: 'docker' },
  { given: 'both urls and an engine', env: { ...postgresUrl, ...redisUrl }, dockerAnswers: true, postgres: 'given', redis: 'given' },
  { given: 'a database url and an engine', env: postgresUrl, dockerAnswers: true, postgres: 'given', redis: 'docker' },
  { given: 'a Redis url and no engine', env: redisUrl, dockerAnswers: false, postgres: 'local', redis: 'given' },
  { given: 'empty urls', env: { DATABASE_URL: '', REDIS_URL: '' }, dockerAnswers: false, postgres: 'local', redis: 'local' }
])('the sources, given $given, are Postgres $postgres and Redis $redis', ({ env, dockerAnswers, postgres, redis }) => {
  expect(chooseSources({ env, dockerAnswers })).toEqual({ postgres, redis })
})
