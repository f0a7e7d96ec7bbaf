// Which folder may import which. Types count as well: an import of a type says just as much about where a thing lives.
const ours = '^(services|scripts|tests)/'

/** @param {string} from @param {string} allowed @param {string} comment */
function only (name, from, allowed, comment) {
  return { name, comment, severity: 'error', from: { path: from }, to: { path: ours, pathNot: allowed } }
}

export default {
  forbidden: [
    { name: 'no-circles', comment: 'Two files that import each other are one subject, or a third.', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', comment: 'What is imported exists.', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'cgroup-stands-alone',
      comment: 'services/cgroup imports only node:* and its own files.',
      severity: 'error',
      from: { path: '^services/cgroup/' },
      to: { pathNot: '^services/cgroup/', dependencyTypesNot: ['core'] }
    },
    only('shared-imports-no-service', '^services/shared/', '^services/(shared|cgroup)/', 'What two services use knows neither of them.'),
    only('services-are-apart', '^services/(api|worker|lab|limits)/', '^services/($1|shared|cgroup)/',
      'Services never import each other.'),
    only('wire-knows-nothing-of-the-lab', '^services/lab/wire/', '^services/(lab/wire|shared|cgroup)/', 'What the lab sends is described without what makes it.'),
    { name: 'stream-knows-all-of-wire', comment: 'Only the stream knows all; nothing imports it back.', severity: 'error', from: { path: '^services/lab/wire/' }, to: { path: '^services/lab/wire/stream' } },
    { name: 'judging-does-not-act', comment: 'A verdict comes from what was recorded.', severity: 'error', from: { path: '^services/lab/experiments/judging/' }, to: { path: '^services/lab/(experiments/(acting|running)|load|peers|observing)/' } },
    { name: 'acting-does-not-run', comment: 'What an experiment may do is the same whoever runs it.', severity: 'error', from: { path: '^services/lab/experiments/acting/' }, to: { path: '^services/lab/experiments/running/' } },
    { name: 'observing-knows-no-experiment', comment: 'Watching is the same whether or not somebody experiments.', severity: 'error', from: { path: '^services/lab/observing/' }, to: { path: '^services/lab/(experiments|load|peers|routes|cli|web)/' } },
    only('the-page-imports-only-what-it-is-sent', '^services/lab/web/', '^services/lab/(web/|wire/|format|words)|^services/cgroup/counters\\.ts$', 'The page runs in a browser: it has the wire, format, words, the arithmetic of counters, and its own.'),
    only('the-command-imports-only-what-it-is-sent', '^services/lab/cli/', '^services/lab/(cli/|wire/|format|words)|^services/shared/process/', 'The command asks the lab over HTTP.'),
    { name: 'nothing-imports-tests', comment: 'Code does not know its tests.', severity: 'error', from: { path: '^(services|scripts)/' }, to: { path: '^tests/' } }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'node'], exportsFields: ['exports'] }
  }
}
