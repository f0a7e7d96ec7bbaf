/**
 * From which share of a limit on something counts as near the limit, or at it. The kernel charges memory in batches, so
 * usage and peak may stay a little below a limit that was met: a peak of 125562880 was read where a limit of 125829120
 * had refused 85 charges.
 */

/**
 * Near the limit: worth a warning while the container runs, and grounds for suspecting an OOM kill when it ends,
 * because usage may still rise between the last sample and the kill.
 */
export const NEAR_LIMIT_SHARE = 0.9

/** Usage at the limit. Memory that was reclaimed a moment ago leaves room that is not charged yet. */
export const AT_LIMIT_SHARE = 0.95

/** A peak at the limit. Reclaim cannot lower a peak, so only the batches of charging count. */
export const PEAK_AT_LIMIT_SHARE = 0.98
