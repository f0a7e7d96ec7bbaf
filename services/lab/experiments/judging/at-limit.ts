/**
 * From where on a check takes a number for "at the limit". Each is a share of what it is compared with. They are not 1,
 * because the kernel counts memory in batches, and because no reading falls on the very moment that matters.
 */

/** Of the memory limit, for the kernel's own peak, which misses no moment: only the batches are missing from it. */
export const PEAK_AT_LIMIT = 0.98

/** Of the memory limit, for a usage that was read: what the kernel has just taken back makes room for a moment. */
export const USAGE_AT_LIMIT = 0.95

/** Of a CPU quota. With less the limit was not reached: the service wanted less, or the host had no more to give. */
export const QUOTA_REACHED = 0.8

/**
 * Of a CPU quota. Up to here it was kept: readings do not fall on the ends of periods, and unused time may be used a
 * little later.
 */
export const QUOTA_KEPT = 1.1

/** Of a CPU quota. With less there were periods in which the host had no more to give, so nothing was stopped. */
export const QUOTA_USED_UP = 0.97

/** Of a CPU quota. With less there is room. */
export const QUOTA_HAS_ROOM = 0.8

/** Of what a file has on disk. With less in memory, the kernel has taken some of it back. */
export const TAKEN_BACK = 0.9
