// npm run pictures: writes tutorial/images/*.svg. Those that show data are made from runs that were recorded on a real
// host (tests/fixtures/runs), so the same files come out every time.
import { writeFileSync } from 'node:fs'
import { IMAGES, pictures } from './all.ts'

for (const [name, draw] of Object.entries(pictures)) {
  writeFileSync(`${IMAGES}/${name}.svg`, draw())
  console.log(`${IMAGES}/${name}.svg`)
}
