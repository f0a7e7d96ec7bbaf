import neostandard from 'neostandard'

// Which folder may import which is in .dependency-cruiser.js.
export default [
  ...neostandard({ ts: true, ignores: ['dist/**', 'coverage/**'] }),
  {
    rules: {
      // Strings cannot be cut, and the rows of a table (of cases, of commands) are read below each other.
      '@stylistic/max-len': ['error', {
        code: 120,
        ignoreStrings: true,
        ignoreTemplateLiterals: true,
        ignoreRegExpLiterals: true,
        ignoreUrls: true,
        ignorePattern: '^\\s*(\\[|\\{ )'
      }]
    }
  }
]
