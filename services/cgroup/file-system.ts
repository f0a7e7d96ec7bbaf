/** Which file systems are the kernel's cgroups. include/uapi/linux/magic.h */
export const CGROUP2_SUPER_MAGIC = 0x63677270
export const CGROUP_SUPER_MAGIC = 0x27e0eb

/** `type` as statfs gives it. */
export function isCgroupFs (type: number): boolean {
  return type === CGROUP2_SUPER_MAGIC || type === CGROUP_SUPER_MAGIC
}
