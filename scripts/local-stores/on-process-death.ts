import { spawn } from 'node:child_process'

export interface DeathWatch {
  /** Of the shell; it leads a process group. */
  pid: number | undefined
  /** For when everything was put away in good order. */
  takeBack: () => void
}

/**
 * Runs a shell script once this process has ended, however it ended: Ctrl-C, a crash, kill -9.
 * A shell reads from a pipe that only this process holds open; the kernel closes it for us when we die.
 */
export function onProcessDeath (script: string): DeathWatch {
  // Detached: a Ctrl-C goes to the whole process group of the terminal and must not reach this shell.
  const shell = spawn('sh', ['-c', `read _; ${script}`], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' })
  shell.on('error', err => console.error(`nobody will tidy up if this process is killed: ${err.message}`))
  shell.unref()
  return { pid: shell.pid, takeBack: () => { shell.kill('SIGKILL') } }
}
