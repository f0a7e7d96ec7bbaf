/** The lab's words for a kill at the worker's own limit. Only cgroup v2 counts that the kill was for this limit. */
export const killedAtItsLimit =
  /^killed by (its own memory limit \(oom \+\d+\)|the OOM killer; cgroup v1 does not count whether its own limit or one above it was the reason): oom_kill \+1, peak = 256 MiB of 256 MiB, victim: a child$/
