import neostandard from 'neostandard'

// Which folder may import which is in .dependency-cruiser.js.
export default [
  ...neostandard({ ts: true, ignores: ['dist/**', 'coverage/**'] })
]
