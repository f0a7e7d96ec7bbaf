import type { RequestHandler } from 'express'
import type { Dns } from '#lab/observing/containers/engine-dns.ts'
import { Refusal } from '#shared/http/problem.ts'

const reading = new Set(['GET', 'HEAD'])

/**
 * On the networks of another project its containers reach the lab, and nobody vouches for them: they may read, and may
 * start or change nothing. The engine's DNS gives a container's address a name, and leads back from the name. The host,
 * where requests by the published port come from, has none; those of `docker exec` come by the loopback.
 */
export function refuseNeighbours (dns: Dns): RequestHandler {
  return async (req, _res, next) => {
    const address = req.socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
    if (!reading.has(req.method) && await isContainer(dns, address)) throw neighbour(address)
    next()
  }
}

async function isContainer (dns: Dns, address: string): Promise<boolean> {
  if (!/^[\d.]+$/.test(address) || address.startsWith('127.')) return false
  const names = await dns.namesOf(address)
  const back = await Promise.all(names.map(name => dns.addressesOf(name)))
  return back.flat().includes(address)
}

function neighbour (address: string): Refusal {
  const detail = `A container (${address}) may read here, and start or change nothing. The host may, at 127.0.0.1.`
  return new Refusal({ status: 403, code: 'neighbour', detail })
}
