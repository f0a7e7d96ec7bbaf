/**
 * From this share of a limit on, a container is near it. That is worth a warning while the container runs, and grounds
 * for suspecting an OOM kill when it ends, because usage may still rise between the last sample and the kill.
 */
export const NEAR_LIMIT_SHARE = 0.9
