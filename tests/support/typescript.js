import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'

const ownSource = readFileSync(new URL(import.meta.url))

// Jest's view of TypeScript: the compiler that builds the images, one file at a time.
export default {
  process: (source, path, { supportsStaticESM }) => transformSync(source, {
    loader: 'ts',
    // Jest loads its global setup as CommonJS.
    format: supportsStaticESM ? 'esm' : 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile: path
  }),
  // What an earlier version of this file made is not taken from the cache.
  getCacheKey: (source, path, { supportsStaticESM }) =>
    createHash('sha256').update(ownSource).update(`${supportsStaticESM} ${path}\n`).update(source).digest('hex')
}
