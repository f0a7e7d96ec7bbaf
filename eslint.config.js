import neostandard from 'neostandard'

const noServices = { group: ['**/api/**', '**/worker/**', '**/lab/**'], message: 'shared code never imports a service' }

function imports (folder, ...patterns) {
  return {
    files: [`services/${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns }] }
  }
}

export default [
  ...neostandard({ ts: true, ignores: ['dist/**', 'coverage/**'] }),
  imports('cgroup', { regex: '^(?!node:|\\./)', message: 'services/cgroup imports only node:* and its own files' }),
  imports('shared', noServices),
  imports('api', { group: ['**/worker/**', '**/lab/**'], message: 'services never import each other' }),
  imports('worker', { group: ['**/api/**', '**/lab/**'], message: 'services never import each other' }),
  imports('lab', { group: ['**/api/**', '**/worker/**'], message: 'services never import each other' })
]
