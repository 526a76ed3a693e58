/**
 * The arrows of the house: a room may import only what stands below it.
 * Each entry reads "room: what it may import besides itself and packages"; the files that
 * this package brings along (src/package) are everybody's.
 */
const rooms = {
  commands: ['operations', 'cluster-file', 'view', 'errors'],
  operations: ['phases', 'drivers', 'render', 'lint', 'watch', 'cluster-file', 'web-files', 'errors'],
  phases: ['drivers', 'render', 'cluster-file', 'errors'],
  'cluster-file': ['errors'],
  drivers: ['errors'],
  render: ['watch', 'cluster-file', 'errors'],
  watch: ['cluster-file', 'errors'],
  lint: ['errors'],
  view: ['errors'],
  errors: [],
  web: [],
  'web-files': [],
  package: [],
  'broker/protocol': [],
  'broker/config': [],
  'broker/core': ['broker/protocol'],
  'broker/storage': ['broker/config', 'broker/core', 'broker/protocol'],
  'broker/cluster': ['broker/config', 'broker/core', 'broker/storage', 'broker/protocol'],
  'broker/connection': ['broker/config', 'broker/core', 'broker/protocol'],
  'broker/http': ['broker/config'],
  'broker/prometheus': ['broker/config', 'broker/core', 'broker/http', 'broker/protocol'],
  'broker/tracing': ['broker/core', 'broker/protocol'],
  'broker/management': [
    'broker/config',
    'broker/core',
    'broker/cluster',
    'broker/http',
    'broker/protocol',
    'broker/tracing',
    'web-files',
  ],
  'broker/control': ['broker/config', 'broker/core', 'broker/cluster', 'broker/protocol'],
  'broker/tools': ['broker/config', 'broker/control', 'broker/cluster', 'broker/core', 'broker/protocol'],
};

/** What a room may know by its types alone: what the other tells, and never how it comes by it. */
const typesOf = { view: ['operations', 'phases'] };

const within = (room) => `^src/${room}/`;

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...Object.entries(rooms).map(([room, below]) => ({
      name: `${room.replace('/', '-')}-imports-only-below`,
      severity: 'error',
      from: { path: within(room) },
      to: { path: '^src/', pathNot: [room, 'package', ...below, ...(typesOf[room] ?? [])].map(within) },
    })),
    ...Object.entries(typesOf).map(([room, known]) => ({
      name: `${room}-knows-types-alone`,
      severity: 'error',
      from: { path: within(room) },
      to: { path: known.map(within), dependencyTypesNot: ['type-only'] },
    })),
    {
      name: 'cli-and-broker-apart',
      severity: 'error',
      from: { path: '^src/(?!broker/)' },
      to: { path: '^src/broker/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
    },
  },
};
