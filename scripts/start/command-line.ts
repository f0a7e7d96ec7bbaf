import { resolve } from 'node:path'
import type { Account } from '#scripts/local-stores/postgres.ts'

export interface Wrapping {
  /** `cgroup.procs` files. They are joined first, because memory that is allocated before stays charged elsewhere. */
  join: string[]
  /** Its host name, and where the host's tree of cgroups stays visible; `null` to stay in the host's namespaces. */
  namespaces: { name: string, tree: string } | null
  /** A command that runs before the account changes, and ends by starting the command that follows it. */
  first?: string[] | undefined
  /** The account to change to; `null` to keep ours. */
  account: Account | null
}

const enterNamespaces = resolve('scripts/start/enter-namespaces.sh')

/**
 * A command line for a cgroup, namespaces and an account: each small program starts the next, the last is the command.
 */
export function wrap (command: string[], { join, namespaces, first = [], account }: Wrapping): string[] {
  const changeAccount = account === null
    ? []
    : ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--']
  const isolate = namespaces === null
    ? []
    : ['unshare', '--pid', '--fork', '--kill-child', '--mount', '--mount-proc', '--uts', '--ipc', '--cgroup', '--',
        'sh', enterNamespaces, namespaces.name, namespaces.tree]
  const joining = join.length === 0 ? [] : ['sh', '-c', 'for file in $0; do echo $$ > "$file" || exit 126; done; exec "$@"', join.join(' ')]
  return [...joining, ...isolate, ...first, ...changeAccount, ...command]
}
