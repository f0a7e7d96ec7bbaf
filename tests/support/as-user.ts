/**
 * Runs `look` as an ordinary user, because root may read every file. The effective capabilities go and return with the
 * effective user id (capabilities(7)). Without root, `look` runs under the present user.
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
