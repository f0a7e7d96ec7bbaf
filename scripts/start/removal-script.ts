import { quoted } from '#scripts/local-stores/on-process-death.ts'
import type { MadeDirectory } from './own-cgroups.ts'

/**
 * For a shell that outlives us: ends all processes in the cgroups of these names below the directories that were made,
 * and removes the cgroups. It does not touch a directory that was replaced meanwhile (the inode shows it), or a process
 * that has no number here.
 */
export function removalScript (made: MadeDirectory[], names: string[]): string {
  const stacks = made.map(({ path, inode }) => `${quoted(path)} ${inode}`).join(' ')
  return `
    is_own() { [ "$(stat -c %i "$1")" = "$2" ]; }
    end() { [ ! -d "$1" ] || { grep -vx 0 "$1/cgroup.procs" | xargs -r kill -KILL; rmdir "$1"; }; }
    end_stack() { for name in ${names.map(quoted).join(' ')}; do end "$1/$name"; done; rmdir "$1"; }
    for i in $(seq 100); do
      standing=
      set -- ${stacks}
      while [ $# -gt 0 ]; do
        ! is_own "$1" "$2" || { end_stack "$1"; standing=yes; }
        shift 2
      done
      [ -n "$standing" ] || exit
      sleep 0.1
    done 2>/dev/null`
}
