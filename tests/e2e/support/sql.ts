import { compose } from './stack.ts'

/** Asks the stack's Postgres; a row is its columns as text. */
export async function sql (statement: string): Promise<string[][]> {
  const out = await compose('exec', '-T', 'postgres', 'psql', '--username=limits_lab', '--dbname=limits_lab', '--quiet',
    '--no-align', '--tuples-only', '--field-separator=\t', '--set=ON_ERROR_STOP=1', '--command', statement)
  return out.split('\n').filter(line => line !== '').map(line => line.split('\t'))
}
