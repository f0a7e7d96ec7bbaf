/** What a block of a chapter is, from the words after its three backticks. Pure. */

export interface Fence {
  language: string
  /** The name of another terminal in which the reader types it. */
  terminal: string | null
  /** Where alone it holds. */
  cgroup: 'v1' | 'v2' | null
}

/** `bash {terminal=watch wait cgroup=v2}`: what else is in the braces is for whoever runs the chapter. */
export function fenceOf (info: string): Fence {
  const language = /^[\w-]*/.exec(info.trim())![0]
  const attributes = new Map([...info.matchAll(/[{\s,]([a-z]+)=("[^"]*"|[^\s,}]+)/g)].map(([, name, value]) => [name, value]))
  const cgroup = attributes.get('cgroup') ?? null
  if (cgroup !== null && cgroup !== 'v1' && cgroup !== 'v2') throw new Error(`there is no cgroup ${cgroup}`)
  return { language, terminal: attributes.get('terminal') ?? null, cgroup }
}
