import { setText } from '#lab/web/dom.ts'
import type { Hello } from '#lab/wire/live.ts'

/** Opens what holds on this host's version of cgroup, and folds the other. Without a cgroup both stay open. */
export function foldVersions (text: HTMLElement, { cgroupVersion }: Pick<Hello, 'cgroupVersion'>): void {
  if (cgroupVersion === null) return
  // A hybrid host has its controllers on v1.
  const own = cgroupVersion === 'v2' ? 'v2' : 'v1'
  for (const folding of text.querySelectorAll<HTMLDetailsElement>('details.version')) {
    const version = folding.dataset['cgroup']!
    folding.open = version === own
    setText(folding.querySelector('summary')!, `On cgroup ${version}${version === own ? ', as on this machine' : ''}`)
  }
}
