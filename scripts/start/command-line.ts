import type { Account } from '../../services/local-stores/server-account.ts'

export interface Wrapping {
  /** `cgroup.procs` files to join before anything else: what is allocated earlier stays charged elsewhere. */
  join: string[]
  /** The host name in namespaces of its own; `null`: the host's namespaces. */
  namespaces: string | null
  /** Whom to become; `null`: stay who we are. */
  account: Account | null
}

/** A command in a cgroup, in namespaces, under an account: one small program starts the next, and the last is the command. */
export function wrap (command: string[], { join, namespaces, account }: Wrapping): string[] {
  const become = account === null ? [] : ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--']
  const isolate = namespaces === null
    ? []
    : ['unshare', '--pid', '--fork', '--kill-child', '--mount', '--mount-proc', '--uts', '--ipc', '--cgroup', '--',
        'sh', '-c', 'hostname "$0" && exec "$@"', namespaces]
  const joining = join.length === 0 ? [] : ['sh', '-c', 'for file in $0; do echo $$ > "$file" || exit 126; done; exec "$@"', join.join(' ')]
  return [...joining, ...isolate, ...become, ...command]
}
