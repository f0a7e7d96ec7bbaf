import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { storeUrl } from './store-urls.ts'

export interface FreshDatabase {
  url: string
  /** Removes the database and ends whatever is still connected to it. */
  drop (): Promise<void>
}

/** An empty database of its own for a test file, on the server the set-up provided. */
export async function freshDatabase (): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(`create database ${name} template template0`)
  const url = new URL(storeUrl('DATABASE_URL'))
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) }
}

async function onServer (statement: string): Promise<void> {
  const client = new Client({ connectionString: storeUrl('DATABASE_URL') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
