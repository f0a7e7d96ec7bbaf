/** The url of a server that the set-up provided. */
export function storeUrl (name: 'DATABASE_URL' | 'REDIS_URL'): string {
  const url = process.env[name]
  if (!url) throw new Error(`${name} is not set: run this test in the project "integration"`)
  return url
}
