import { spawn } from 'node:child_process'

export interface Cleanup {
  /** Of the shell that waits; it leads a process group. `undefined` if it could not be started. */
  pid: number | undefined
  /** To be called once everything was tidied up in the normal way. */
  cancel: () => void
}

/**
 * Runs a shell script once this process has ended, however it ended: Ctrl-C, a crash, kill -9.
 * The shell reads from a pipe that only this process holds open; the kernel closes it when we die.
 */
export function onProcessDeath (script: string): Cleanup {
  // Detached: a Ctrl-C goes to the whole process group of the terminal and must not reach this shell.
  const shell = spawn('sh', ['-c', `read _; ${script}`], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' })
  shell.on('error', err => console.error(`nothing will be tidied up if this process is killed: ${err.message}`))
  shell.unref()
  return { pid: shell.pid, cancel: () => { shell.kill('SIGKILL') } }
}

/** One word of a script, whatever the text is. */
export function quoted (text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
