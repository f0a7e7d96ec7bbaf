import { resolve } from 'node:path'
import type { Account } from '#scripts/local-stores/server-account.ts'

export interface Wrapping {
  /** `cgroup.procs` files to join before anything else: what is allocated earlier stays charged elsewhere. */
  join: string[]
  /** Its host name there, and where it leaves the host's tree of cgroups; `null`: the host's namespaces. */
  namespaces: { name: string, tree: string } | null
  /** Run before it becomes somebody else; each ends by starting what follows. */
  first?: string[] | undefined
  /** Whom to become; `null`: stay who we are. */
  account: Account | null
}

const enterNamespaces = resolve('scripts/start/enter-namespaces.sh')

/**
 * A command in a cgroup, in namespaces, under an account: one small program starts the next, and the last is the
 * command.
 */
export function wrap (command: string[], { join, namespaces, first = [], account }: Wrapping): string[] {
  const become = account === null ? [] : ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--']
  const isolate = namespaces === null
    ? []
    : ['unshare', '--pid', '--fork', '--kill-child', '--mount', '--mount-proc', '--uts', '--ipc', '--cgroup', '--',
        'sh', enterNamespaces, namespaces.name, namespaces.tree]
  const joining = join.length === 0 ? [] : ['sh', '-c', 'for file in $0; do echo $$ > "$file" || exit 126; done; exec "$@"', join.join(' ')]
  return [...joining, ...isolate, ...first, ...become, ...command]
}
