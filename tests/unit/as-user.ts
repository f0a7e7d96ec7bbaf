/**
 * Runs `look` as an ordinary user: root may read whatever it likes, so a closed file is closed to somebody else only. With the effective
 * user id go the effective capabilities (capabilities(7)), and come back with it. Whoever is no root runs it as they are.
 */
export function asUser<T> (look: () => T): T {
  if (process.getuid?.() !== 0) return look()
  process.setegid!(1000)
  process.seteuid!(1000)
  try {
    return look()
  } finally {
    process.seteuid!(0)
    process.setegid!(0)
  }
}
