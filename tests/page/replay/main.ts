// The page with a replayed lab, without containers:
//   npm run dev:page -- [port] [v1|v2] [workers] [speed] [folder of the built page]
import { startReplay } from './server.ts'

const [port = '8090', version = 'v2', workers = '2', speed = '1', assets = 'dist/web'] = process.argv.slice(2)
const { url } = await startReplay({
  port: Number(port),
  version: version === 'v1' ? 'v1' : 'v2',
  isScripted: true,
  workers: Number(workers),
  speed: Number(speed),
  pastSeconds: 240,
  assets,
  pastRuns: ['memory-limit.unlimited.v1']
})
console.log(`the page, with a replayed lab: ${url}`)
