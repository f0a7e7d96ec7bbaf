// A look at the page without containers. Build both, then start it:
//   npx vite build
//   npx esbuild tests/page/main.ts --bundle --platform=node --format=esm --outfile=dist/page/main.js
//   node dist/page/main.js [port] [v1|v2]
import { startReplay } from './server.ts'

const [port = '8090', version = 'v2'] = process.argv.slice(2)
const { url } = await startReplay({ port: Number(port), version: version === 'v1' ? 'v1' : 'v2', isScripted: true, pastSeconds: 240, pastRuns: ['memory-limit.unlimited.v1'] })
console.log(`the page, with a lab that is not there: ${url}`)
