import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where whole programs run, longest first: begun last, one of them would keep a core waiting for its end. */
const LONG = ['test/chaos/', 'test/browser/', 'test/e2e/', 'test/'];

class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((folder) => moduleId.startsWith(`${import.meta.dirname}/${folder}`));
      return at < 0 ? LONG.length : at;
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

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
    sequence: { sequencer: LongFilesFirst },
  },
});
