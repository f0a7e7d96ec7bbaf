import { TestEnvironment } from 'jest-environment-node'
import { recentLogs } from './recent-logs.ts'

interface TestEvent { name: string, test?: { name: string, startedAt?: number | null, errors: unknown[] } }

/** Prints what the services logged during a test that failed. */
export default class StackEnvironment extends TestEnvironment {
  async handleTestEvent ({ name, test }: TestEvent): Promise<void> {
    if (name !== 'test_done' || test === undefined || test.errors.length === 0) return
    const logs = await recentLogs(test.startedAt ? new Date(test.startedAt) : undefined)
    process.stderr.write(`\nlogs of the stack during "${test.name}", which failed:\n${logs}\n`)
  }
}
