/** Why the lab did not do what it was asked for. Pure. */

/** Why a request was refused, from problem details (RFC 9457) or, without them, from the status. */
export function refusalWords (status: number, body: unknown): string {
  const { detail, title, faults } = (typeof body === 'object' && body !== null ? body : {}) as
    { detail?: string, title?: string, faults?: Array<{ at: string, detail: string }> }
  const sentence = detail ?? title ?? `the answer was ${status}`
  const where = (faults ?? []).map(fault => `${fault.at}: ${fault.detail}`).join('; ')
  return where === '' ? sentence : `${sentence} (${where})`
}
