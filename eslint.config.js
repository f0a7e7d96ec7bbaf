import neostandard from 'neostandard'

// Which folder may import which is in .dependency-cruiser.js.
export default [
  ...neostandard({ ts: true, ignores: ['dist/**', 'coverage/**'] }),
  {
    rules: {
      // A long string is not cut, and the rows of a table (of cases, of commands) are read below each other.
      '@stylistic/max-len': ['error', {
        code: 120,
        ignoreTemplateLiterals: true,
        ignoreRegExpLiterals: true,
        ignorePattern: '^\\s*(\\[|\\{ )|([\'"`])(?:(?!\\2).){40,}\\2'
      }]
    }
  }
]
