// Imports point down only: cli, server, worker -> jobs -> runner -> trust -> engine, media -> core. A runner also evaluates.
const layers = {
  core: [],
  engine: ['core'],
  media: ['core'],
  trust: ['engine', 'media', 'core'],
  runner: ['evaluate', 'trust', 'engine', 'media', 'core'],
  evaluate: ['engine', 'media', 'core'],
  jobs: ['runner', 'evaluate', 'trust', 'engine', 'media', 'core'],
  server: ['jobs', 'runner', 'evaluate', 'trust', 'engine', 'media', 'core'],
  worker: ['jobs', 'runner', 'evaluate', 'trust', 'engine', 'media', 'core'],
  // Reaches the service by HTTP only; the client's types come from the API's document.
  client: [],
  web: ['client'],
  // Its commands start servers and workers.
  cli: ['server', 'worker', 'jobs', 'runner', 'evaluate', 'trust', 'engine', 'media', 'core'],
};
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(layers).map(([layer, below]) => ({
      name: `${layer}-imports-down-only`,
      severity: 'error',
      from: { path: `^src/${layer}/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: `^src/(${[layer, ...below].join('|')})/` },
    })),
    {
      name: 'only-inference-imports-onnxruntime',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/inference/|\\.test\\.ts$' },
      to: { path: 'onnxruntime-node' },
    },
    {
      name: 'only-media-imports-sharp-and-spawns',
      severity: 'error',
      // The runner is a child process of its client; drivers are tried in another.
      from: {
        path: '^src/',
        pathNot:
          '^src/(media|cli)/|^src/runner/(runner-child|providers/(trial-child|gpu-readings))\\.ts$|\\.test\\.ts$',
      },
      to: { path: '^(sharp|node:child_process|child_process)$|node_modules/sharp' },
    },
    {
      name: 'derived-files-are-made-behind-publish-derived',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(trust|media)/post/|\\.test\\.ts$' },
      to: {
        path: '^src/(media/post/(replace-sound|hls-segments|sprite-sheet)|trust/post/(make-(picture|sound|video|verified)|derive-hls|hls-pictures))',
      },
    },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      // The page is bundled: what it takes is in it.
      from: { path: '^src/', pathNot: '^src/web/|\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // AssemblyScript, compiled by scripts/build-kernels.ts.
    exclude: { path: '^src/engine/kernels/assembly/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
