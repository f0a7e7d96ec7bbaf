import { get } from 'node:http'

/** The lab cannot be asked. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

const PATIENCE_MS = 5000

/** `node:http` and not `fetch`: in the container the command runs inside the lab's own limits. */
export function askLab<T> (url: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (err: Error) => reject(new Unreachable(`The lab at ${new URL(url).origin} does not answer: ${err.message}`))
    get(url, { signal: AbortSignal.timeout(PATIENCE_MS) }, res => {
      let text = ''
      res.setEncoding('utf8').on('data', chunk => { text += chunk }).on('error', fail).on('end', () => {
        try {
          if (res.statusCode !== 200) throw new Error(`status ${res.statusCode}`)
          resolve(JSON.parse(text))
        } catch (err) {
          fail(err as Error)
        }
      })
    }).on('error', fail)
  })
}
