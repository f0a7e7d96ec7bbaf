import { putAwayAll } from '#support/stores/put-away.ts'

/** Jest calls this after the end-to-end tests, whether they passed or not. */
export default async function teardown (): Promise<void> {
  await putAwayAll()
}
