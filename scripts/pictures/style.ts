/**
 * The pictures' colours and fonts: light, and dark where the reader's system is. The names are those of the page; each
 * pair is light, dark.
 */
export const colours = {
  paper: ['#ffffff', '#171c1f'],
  panel: ['#f1f4f5', '#20272b'],
  ink: ['#1a2125', '#e3e9ec'],
  soft: ['#4f5b62', '#a9b5bb'],
  line: ['#b9c3c8', '#4a565d'],
  track: ['#dfe5e7', '#323b40'],
  limit: ['#c23b0d', '#ff8154'],
  'limit-tint': ['#fbe3da', '#45271d'],
  used: ['#1f6fb2', '#6cb2f0'],
  anon: ['#1f3a4d', '#9cc4dc'],
  shmem: ['#7a4fb5', '#b895ee'],
  file: ['#6aa7c8', '#3f7391'],
  rest: ['#a8843a', '#d3b04a'],
  'on-used': ['#ffffff', '#10181c'],
  'on-anon': ['#ffffff', '#10181c'],
  'on-shmem': ['#ffffff', '#10181c'],
  'on-file': ['#10181c', '#f1f6f8']
} as const

type Colour = keyof typeof colours

export type Fill = 'panel' | 'track' | 'limit-tint' | 'used' | 'anon' | 'shmem' | 'file' | 'rest'
const fills: Fill[] = ['panel', 'track', 'limit-tint', 'used', 'anon', 'shmem', 'file', 'rest']
export type Stroke = 'ink' | 'soft' | 'line' | 'limit' | 'used'
const strokes: Stroke[] = ['ink', 'soft', 'line', 'limit', 'used']
export type TextColour = 'soft' | 'limit' | 'on-used' | 'on-anon' | 'on-shmem' | 'on-file'
const textColours: TextColour[] = ['soft', 'limit', 'on-used', 'on-anon', 'on-shmem', 'on-file']

function variables (scheme: 0 | 1): string {
  return Object.entries(colours).map(([name, pair]) => `--${name}: ${pair[scheme]};`).join(' ')
}

function rules (names: Colour[], rule: (name: Colour) => string): string[] {
  return names.map(name => `.picture ${rule(name)}`)
}

/** `hatch` is the id of the pattern for throttled time. */
export const styleOf = (hatch: string): string[] => [
  `.picture { ${variables(0)} }`,
  `@media (prefers-color-scheme: dark) { .picture { ${variables(1)} } }`,
  '.picture text { font: 16px system-ui, sans-serif; fill: var(--ink); }',
  '.picture text.strong { font-weight: 650; }',
  '.picture text.mono { font: 15px ui-monospace, monospace; }',
  '.picture .paper { fill: var(--paper); }',
  `.picture .throttled { fill: url(#${hatch}); }`,
  '.picture .stroke { fill: none; stroke-width: 1.5; }',
  '.picture .bold { stroke-width: 2.5; }',
  '.picture .dashed { stroke-dasharray: 6 4; }',
  ...rules(textColours, name => `text.${name} { fill: var(--${name}); }`),
  ...rules(fills, name => `.fill-${name} { fill: var(--${name}); }`),
  ...rules(strokes, name => `.stroke-${name} { stroke: var(--${name}); }`)
]
