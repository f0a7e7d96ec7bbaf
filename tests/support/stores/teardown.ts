import { putAwayAll } from './put-away.ts'

/** Jest calls this after the integration tests. */
export default async function teardown (): Promise<void> {
  await putAwayAll()
}
