import { compose } from './stack.ts'

/** Runs `lab … --json` in the lab's container. It prints one object a line, whatever its exit code. */
export async function labJson<T> (...args: string[]): Promise<{ exitCode: number; printed: T[] }> {
  const { code = 0, stdout } = (await compose('exec', '-T', 'lab', 'lab', ...args, '--json').then(
    stdout => ({ stdout }),
    (err: { code: number; stdout: string }) => err
  )) as { code?: number; stdout: string }
  return {
    exitCode: code,
    printed: stdout
      .trim()
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as T)
  }
}
