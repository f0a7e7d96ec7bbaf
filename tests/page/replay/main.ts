// The page with a replayed lab, without containers: npm run dev:page -- [port] [v1|v2]
import { startReplay } from './server.ts'

const [port = '8090', version = 'v2'] = process.argv.slice(2)
const { url } = await startReplay({
  port: Number(port),
  version: version === 'v1' ? 'v1' : 'v2',
  isScripted: true,
  pastSeconds: 240,
  pastRuns: ['memory-limit.unlimited.v1']
})
console.log(`the page, with a replayed lab: ${url}`)
