import { compose, inspect, stack, type Service } from './stack.ts'

/** What a test sends to a service, and what the service answers. */
export interface Hello {
  service: Service
  port: number
  /** In the notation of bash's printf. */
  says: string
  answer: RegExp
}

export const hellos: Hello[] = [
  { service: 'api', port: 3000, says: 'GET /livez HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n', answer: /"status":"ok"/ },
  { service: 'worker', port: 9464, says: 'GET /livez HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n', answer: /"status":"ok"/ },
  { service: 'lab', port: 8080, says: 'GET /livez HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n', answer: /"status":"ok"/ },
  { service: 'redis', port: 6379, says: 'PING\\r\\n', answer: /^-NOAUTH/ },
  // A request for TLS, which this server refuses with one letter.
  { service: 'postgres', port: 5432, says: '\\0\\0\\0\\x08\\x04\\xd2\\x16\\x2f', answer: /^N$/ }
]

type Bash = (script: string, ...args: string[]) => Promise<string>

const ASK = 'exec 3<>"/dev/tcp/$1/$2" && printf "$3" >&3 && timeout 1 cat <&3'

/**
 * What a service answers at its address, or an empty text if it does not answer. A connection alone proves nothing: a
 * gateway on the way may accept connections to addresses that do not exist.
 */
export async function ask ({ service, port, says }: Hello, bash: Bash): Promise<string> {
  const { IPAddress } = (await inspect(service)).NetworkSettings.Networks[`${stack().project}_back`]!
  return bash('ask="$1"; shift; timeout 3 bash -c "$ask" bash "$@" 2>/dev/null || true', ASK, IPAddress, String(port), says)
}

export function inContainer (service: Service): Bash {
  return (script, ...args) => compose('exec', '-T', service, 'bash', '-c', script, 'bash', ...args)
}
