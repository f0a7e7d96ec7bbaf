import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Before anything is started: whoever holds a port would answer in the place of our service.
 * @param wanted by the setting that chooses each: `{ API_PORT: 3000 }`
 * @throws Error for the first that cannot be had
 */
export async function checkPorts (wanted: Record<string, number>, host = '127.0.0.1'): Promise<void> {
  for (const [setting, port] of Object.entries(wanted)) {
    const fault = await faultOf(port, host)
    if (fault !== null) throw new Error(`port ${port} of ${host} ${fault}. ${setting} chooses another.`)
  }
}

async function faultOf (port: number, host: string): Promise<string | null> {
  const server = createServer().listen(port, host)
  try {
    await once(server, 'listening')
  } catch (err) {
    const { code } = err as NodeJS.ErrnoException
    return code === 'EADDRINUSE' ? 'is taken: another program listens on it' : `cannot be listened on (${code})`
  }
  server.close()
  await once(server, 'close')
  return null
}
