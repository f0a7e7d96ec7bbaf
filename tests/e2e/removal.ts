import { docker } from './docker.ts'
import { engineHostName } from './engine-host.ts'
import type { Stack } from './stack.ts'

const STOP_SECONDS = 1

/** The docker commands after which nothing of the stack is left. */
export function removal ({ project, root, tag }: Stack): string[][] {
  return [
    ['rm', '--force', engineHostName(project)],
    ['compose', '--project-name', project, '--file', `${root}/compose.yaml`, '--env-file', '/dev/null',
      'down', '--volumes', '--remove-orphans', '--timeout', String(STOP_SECONDS)],
    ['image', 'rm', '--force', `limits-lab-api:${tag}`, `limits-lab-worker:${tag}`]
  ]
}

/** Each command is tried, whatever became of the others. */
export async function removeStack (stack: Stack): Promise<void> {
  const failures: unknown[] = []
  for (const args of removal(stack)) await docker(args).catch(err => failures.push(err))
  if (failures.length > 0) throw new AggregateError(failures, `could not remove ${stack.project}: ${failures.map(String).join('; ')}`)
}
