import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { engineHostName } from './engine-host.ts'
import type { Stack } from './stack.ts'

const run = promisify(execFile)
const STOP_SECONDS = 1

/**
 * A shell script that removes the stack; each step is tried even if others failed. It is a script because it also has
 * to run when the tests themselves are killed.
 */
export function removal ({ project, root, tag }: Stack): string {
  const compose = `docker compose --project-name ${project} --file '${root}/compose.yaml' --env-file /dev/null`
  return `
    failed=0
    docker rm --force --volumes ${engineHostName(project)} || failed=1
    ${compose} down --volumes --remove-orphans --timeout ${STOP_SECONDS} || failed=1
    images=$(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter 'reference=limits-lab-*:${tag}')
    test -z "$images" || docker image rm --force $images || failed=1`
}

export async function removeStack (stack: Stack): Promise<void> {
  await run('sh', ['-c', `${removal(stack)}\nexit $failed`])
}
