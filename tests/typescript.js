import { transformSync } from 'esbuild'

// Jest's view of TypeScript: the compiler that builds the images, one file at a time.
export default {
  process: (source, path) => transformSync(source, { loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'inline', sourcefile: path })
}
