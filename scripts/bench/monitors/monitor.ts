/** A program that watches containers as the lab does, and is measured beside it. */
export interface Monitor {
  name: string
  /** How it is called where it is installed. */
  binary: string
  /** Where it comes from if it is not. */
  image: string
  /** For people: where to get the binary. */
  source: string
  /**
   * Writes its settings into a directory and returns its arguments. It shall read the CPU and memory of all containers
   * once a second, listen on 127.0.0.1 only, and do nothing that has nothing to do with containers.
   */
  prepare: (setup: Setup) => string[]
  /** Asks it how often it read each container within a time; the keys contain the ids of the containers. */
  readings: (origin: string, time: TimeSpan) => Promise<Map<string, number>>
}

export interface Setup {
  port: number
  /** It may read this directory, and write into `data` in it. */
  directory: string
  /** Whose rights it has. */
  user: string
}

export interface TimeSpan { fromMs: number, toMs: number }

/** @throws if there is a container of which the monitor has fewer than `atLeast` readings */
export function checkReadings (readings: Map<string, number>, ids: string[], atLeast: number): void {
  for (const id of ids) {
    const key = [...readings.keys()].find(key => key.includes(id))
    const count = key === undefined ? 0 : readings.get(key)!
    if (count < atLeast) throw new Error(`it read the container ${id.slice(0, 12)} ${count} times, not ${atLeast}`)
  }
}

export async function askJson<T> (url: string, init?: RequestInit): Promise<T> {
  const res = await fetch(url, init)
  if (!res.ok) throw new Error(`${url} answered ${res.status}`)
  return await res.json() as T
}
