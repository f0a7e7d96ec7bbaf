import { Client } from 'pg'
import { createClient } from 'redis'

const CONNECT_MS = 2000

/** @throws unless a Postgres at this URL accepts the login and answers a query */
export async function askPostgres (url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, query_timeout: CONNECT_MS })
  client.on('error', () => {})      // a connection that dies after the answer does not matter here
  try {
    await client.connect()
    await client.query('select 1')
  } finally {
    await client.end().catch(() => {})
  }
}

/** @throws unless a Redis at this URL accepts the login and answers PING */
export async function askRedis (url: string): Promise<void> {
  const client = createClient({ url, socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false } })
  client.on('error', () => {})      // connect() throws the same error
  try {
    await client.connect()
    await client.ping()
  } finally {
    if (client.isOpen) client.destroy()
  }
}
