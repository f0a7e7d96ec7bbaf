import { LEFT, path, rect, RIGHT, svgOf, text } from './svg.ts'

/** The eight kinds of namespaces, and what a process sees through each. `isHosts`: Docker gives it that of the host. */
const namespaces: Array<{ kind: string, sees: string, isHosts?: boolean }> = [
  { kind: 'mnt', sees: 'mounts' },
  { kind: 'pid', sees: 'processes' },
  { kind: 'net', sees: 'network, ports' },
  { kind: 'uts', sees: 'host name' },
  { kind: 'ipc', sees: 'shared memory' },
  { kind: 'cgroup', sees: 'cgroup paths' },
  { kind: 'user', sees: 'users', isHosts: true },
  { kind: 'time', sees: 'clocks', isHosts: true }
]

const GAP = 8
/** Of the boxes in the container. */
const INSET = 12
const TEXT_LEFT = LEFT + 2 * INSET
const TEXT_RIGHT = RIGHT - 2 * INSET
const CELL = { width: (TEXT_RIGHT - TEXT_LEFT - GAP) / 2, height: 30 }

export function surroundings (): string {
  return svgOf({
    name: 'surroundings',
    title: 'What surrounds a process in a container',
    description: 'A process of the host, and three things that the kernel keeps for it. ' +
      'Namespaces decide what it sees: ' +
      `${namespaces.map(({ kind, sees }) => `${kind} (${sees})`).join(', ')}; user and time are the host’s own, and on cgroup v1 cgroup as well. ` +
      'Its cgroup decides what it may use: memory.max, cpu.max, pids.max. ' +
      'Its root decides which files it has: the layers of an image, and volumes. ' +
      'Below all of it there is one kernel, shared with every other container.',
    height: 532,
    elements: [
      rect(LEFT, 16, RIGHT - LEFT, 446, 'stroke stroke-soft dashed', 10),
      text(LEFT + INSET, 40, 'a container', { look: 'soft' }),
      rect(150, 32, 180, 44, 'fill-used', 8),
      text(240, 60, 'a process', { anchor: 'middle', look: 'on-used strong' }),
      path([[240, 76], [240, 96]], 'stroke stroke-used'),
      ...box(96, 190, 'namespaces', 'what it sees'),
      ...namespaces.flatMap(cell),
      path([[240, 286], [240, 298]], 'stroke stroke-used'),
      ...box(298, 70, 'cgroup', 'what it may use'),
      ...['memory.max', 'cpu.max', 'pids.max'].map((file, i) =>
        text(TEXT_LEFT + i * 145, 298 + 54, file, { look: 'mono limit' })),
      path([[240, 368], [240, 380]], 'stroke stroke-used'),
      ...box(380, 70, 'root', 'which files it has'),
      text(TEXT_LEFT, 380 + 54, 'the layers of an image, and volumes'),
      rect(LEFT, 474, RIGHT - LEFT, 42, 'fill-track', 8),
      text(240, 500, 'one kernel, shared by all', { anchor: 'middle', look: 'strong' })
    ]
  })
}

function box (top: number, height: number, name: string, question: string): string[] {
  return [
    rect(LEFT + INSET, top, RIGHT - LEFT - 2 * INSET, height, 'fill-panel', 8),
    text(TEXT_LEFT, top + 28, name, { look: 'strong' }),
    text(TEXT_RIGHT, top + 28, question, { anchor: 'end', look: 'soft' })
  ]
}

function cell ({ kind, sees, isHosts = false }: typeof namespaces[number], i: number): string[] {
  const [x, y] = [TEXT_LEFT + (i % 2) * (CELL.width + GAP), 136 + Math.floor(i / 2) * (CELL.height + GAP - 2)]
  return [
    rect(x, y, CELL.width, CELL.height, `stroke ${isHosts ? 'stroke-soft dashed' : 'stroke-used'}`, 5),
    text(x + 8, y + 20, kind, { look: 'mono' }),
    text(x + CELL.width - 8, y + 20, isHosts ? `${sees}: the host’s` : sees, { anchor: 'end', look: 'soft' })
  ]
}
