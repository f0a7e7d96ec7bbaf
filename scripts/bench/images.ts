import type { Figure } from './figures.ts'
import { docker, type Stack } from './stack.ts'

const MB = 1e6

/** The size of each image, and for our own how much they add to the base image. */
export async function imageFigures (stack: Stack): Promise<Figure[]> {
  const base = await sizeOf('node:24-trixie-slim')
  const services = ['api', 'worker', 'postgres', 'redis']
  return Promise.all(services.map(async service => {
    const [container] = (await stack.compose('ps', '-q', service)).trim().split('\n')
    const bytes = await sizeOf(await docker('inspect', '-f', '{{.Image}}', container!))
    const isOurs = service === 'api' || service === 'worker'
    return {
      what: `image of ${service}`,
      value: bytes / MB,
      unit: 'MB',
      ...(isOurs && { note: `${((bytes - base) / MB).toFixed(1)} MB above node:24-trixie-slim` })
    }
  }))
}

async function sizeOf (image: string): Promise<number> {
  return Number(await docker('image', 'inspect', '-f', '{{.Size}}', image))
}
