import { once } from 'node:events'
import { statSync } from 'node:fs'
import { createServer } from 'node:net'

/**
 * Whether this process is the only one that starts with the data in a directory: it then holds a name that the kernel
 * gives to one process at a time, and takes back when that one ends, however it ends. A file would stay behind.
 * unix(7), "abstract".
 */
export async function lockData (directory: string): Promise<boolean> {
  const { dev, ino } = statSync(directory)
  const holder = createServer().listen(`\0limits-lab-start-${dev}-${ino}`)
  try {
    await once(holder, 'listening')
    holder.unref()
    return true
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw err
  }
}
