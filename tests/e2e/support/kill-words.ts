/** A kill of a job at the worker's own limit, as the lab tells it: that it was for this limit only cgroup v2 counts. */
export const killedAtItsLimit =
  /^killed by (its own memory limit \(oom \+\d+\)|the OOM killer; whether for its own limit or one above, cgroup v1 does not count): oom_kill \+1, peak = 256 MiB of 256 MiB, victim: a child$/
