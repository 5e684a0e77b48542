import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/setup/installation.ts'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Its native part is left out: it is not in every registry.
    env: { CBOR_NATIVE_ACCELERATION_DISABLED: 'true' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores: ONNX Runtime and ffmpeg already use both, more workers only fight.
    maxWorkers: 2,
    pool: 'forks',
  },
});
