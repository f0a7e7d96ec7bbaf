import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'

const ownSource = readFileSync(new URL(import.meta.url))

// Compiles TypeScript for Jest, one file at a time, with the compiler that builds the images.
export default {
  process: (source, path, { supportsStaticESM }) => transformSync(source, {
    loader: 'ts',
    // Jest loads its global setup as CommonJS.
    format: supportsStaticESM ? 'esm' : 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile: path
  }),
  // The cache does not keep what an earlier version of this file made.
  getCacheKey: (source, path, { supportsStaticESM }) =>
    createHash('sha256').update(ownSource).update(`${supportsStaticESM} ${path}\n`).update(source).digest('hex')
}
