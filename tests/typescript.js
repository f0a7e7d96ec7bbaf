import { transformSync } from 'esbuild'

// Jest's view of TypeScript: the compiler that builds the images, one file at a time.
export default {
  process: (source, path, { supportsStaticESM }) => transformSync(source, {
    loader: 'ts',
    // Jest loads its global setup as CommonJS.
    format: supportsStaticESM ? 'esm' : 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile: path
  })
}
