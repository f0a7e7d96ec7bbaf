/**
 * Runs `look` as an ordinary user: root may read whatever it likes, so a closed file is closed to somebody else only.
 * With the effective user id go the effective capabilities (capabilities(7)), and come back with it. Whoever is no root
 * runs it as they are.
 */
export function asUser<T> (look: () => T): T {
  const back = becomeUser()
  try {
    return look()
  } finally {
    back()
  }
}

export async function asUserAsync<T> (look: () => Promise<T>): Promise<T> {
  const back = becomeUser()
  try {
    return await look()
  } finally {
    back()
  }
}

function becomeUser (): () => void {
  if (process.getuid?.() !== 0) return () => {}
  process.setegid!(1000)
  process.seteuid!(1000)
  return () => {
    process.seteuid!(0)
    process.setegid!(0)
  }
}
