import { UsageError } from './command.ts'

/** `http://web:8000/search?q=x` → service, port and path as they stand there. @throws UsageError */
export function readTarget (url: string): { service: string, port: number, path: string } {
  const [, service, port = '80', path] = /^http:\/\/([\w.-]+)(?::(\d{1,5}))?(\/\S*)?$/.exec(url) ?? []
  if (service === undefined) throw new UsageError(`expected http://SERVICE:PORT/PATH, got ${JSON.stringify(url)}`)
  return { service, port: Number(port), path: path ?? '/' }
}
