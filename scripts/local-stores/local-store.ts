/** A Postgres or a Redis that runs as a child process of this one. */
export interface LocalStore {
  url: string
  stop (): Promise<void>
}

export interface LocalOptions {
  /** Everything the store writes. For Postgres started by root, every directory above it must be open to all. */
  dir: string
  port: number
  /** One line. A Postgres made earlier keeps the password it was made with. */
  password: string
  /** `false` = data that may be lost, as in a test: nothing waits for the disk. */
  durable: boolean
}
