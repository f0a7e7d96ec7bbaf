// Bundles services and scripts into dist/<name>/, so that an image needs neither npm nor node_modules.
//   node scripts/build.js api worker web          web is the lab's page, which Vite builds
//   node scripts/build.js web-sample              the page with the chapters of its tests, in dist/web-sample
import { build } from 'esbuild'

const entries = {
  api: ['services/api/main.ts'],
  bench: [
    'scripts/bench/main.ts', 'scripts/bench/costs.ts', 'scripts/bench/limits.ts', 'scripts/bench/observe.ts',
    'scripts/bench/flat.ts', 'scripts/bench/load.ts', 'scripts/bench/load-once.ts', 'scripts/bench/load-stub.ts',
    'scripts/bench/overload.ts', 'scripts/bench/overload-server.ts', 'scripts/bench/jobs.ts',
    'scripts/bench/bare-adder.ts', 'scripts/bench/bare-worker.ts', 'scripts/bench/oom.ts',
    'scripts/bench/page.ts', 'scripts/bench/growth.ts', 'scripts/bench/start.ts'
  ],
  lab: ['services/lab/main.ts', 'services/lab/cli/main.ts', 'services/lab/load/thread.ts'],
  limits: ['services/limits/main.ts'],
  page: ['tests/page/replay/main.ts'],
  pictures: ['scripts/pictures/main.ts'],
  start: ['scripts/start/main.ts'],
  tutorial: ['scripts/tutorial/main.ts'],
  worker: ['services/worker/main.ts', 'services/worker/runner-main.ts', 'services/worker/cpu-thread.ts']
}

// The bundle is an ES module, but CommonJS packages in it still use `require` and `__dirname`.
const banner = `
import { createRequire as createRequireOfBundle } from 'node:module'
import { dirname as dirnameOfBundle } from 'node:path'
import { fileURLToPath as fileURLToPathOfBundle } from 'node:url'
const require = createRequireOfBundle(import.meta.url)
const __filename = fileURLToPathOfBundle(import.meta.url)
const __dirname = dirnameOfBundle(__filename)
`

const pages = { web: 'production', 'web-sample': 'sample' }

for (const name of process.argv.slice(2)) await (Object.hasOwn(pages, name) ? buildPage(pages[name]) : bundle(name))

async function bundle (name) {
  if (!Object.hasOwn(entries, name)) {
    throw new Error(`there is nothing to build called ${name}; there are ${[...Object.keys(entries), ...Object.keys(pages)].join(', ')}`)
  }
  await build({
    entryPoints: entries[name],
    outdir: `dist/${name}`,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: false,
    banner: { js: banner },
    // The package `redis` is this client and modules of commands that nothing here uses: the worker would need a sixth
    // more CPU time to start, and several MiB more memory.
    alias: { redis: '@redis/client' },
    // autocannon and playwright-core stay packages; the others are optional drivers that this project does not use.
    external: [
      'autocannon', 'playwright-core', 'pg-native', 'ioredis', 'bun', '@valkey/valkey-glide', 'msgpackr-extract'
    ],
    logLevel: 'warning'
  })
}

/** Vite is imported only here: the images of the other services are built without it. */
async function buildPage (mode) {
  const vite = await import('vite')
  await vite.build({ logLevel: 'warn', mode })
}
