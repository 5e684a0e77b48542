import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, runCli } from './support/cli.ts';

beforeAll(ensureBuilt);

const PATHS = ['-s', 'a.jpg', '-t', 'b.jpg', '-o', 'c.jpg'];

interface Mistake {
  readonly words: readonly string[];
  readonly code: string;
  /** In the message. */
  readonly says: string;
  readonly hint?: string;
}

const MISTAKES: readonly Mistake[] = [
  { words: ['porcess'], code: 'OPTION_UNKNOWN', says: 'porcess', hint: 'Did you mean process?' },
  { words: ['models', 'lst'], code: 'OPTION_UNKNOWN', says: 'lst', hint: 'Did you mean list?' },
  { words: ['process', '--sorce', 'a'], code: 'OPTION_UNKNOWN', says: '--sorce', hint: 'Did you mean --source?' },
  {
    words: ['process', ...PATHS, '--face-mask-blurr', '1'],
    code: 'OPTION_UNKNOWN',
    says: '--face-mask-blurr',
    hint: 'Did you mean --face-mask-blur?',
  },
  {
    words: ['process', ...PATHS, '--output-video-encoder', 'libx246'],
    code: 'OPTION_INVALID',
    says: 'libx246',
    hint: 'Did you mean libx264?',
  },
  {
    words: ['process', ...PATHS, '--processors', 'face-swaper'],
    code: 'OPTION_INVALID',
    says: 'face-swaper',
    hint: 'Did you mean face_swapper?',
  },
  {
    words: ['process', ...PATHS, '--face-mask-blur', '4'],
    code: 'OPTION_INVALID',
    says: 'Expected 0..1 for --face-mask-blur, received 4.',
  },
  { words: ['process', ...PATHS, '--output-image-quality', '1.5'], code: 'OPTION_INVALID', says: 'whole number' },
  { words: ['process', ...PATHS, '--reference-frame-number', 'x'], code: 'OPTION_INVALID', says: 'received x' },
  {
    words: ['process', ...PATHS, '--trim-frame-start', '9', '--trim-frame-end', '3'],
    code: 'OPTION_INVALID',
    says: 'above 9, received 3',
  },
  { words: ['process', '-s', 'a.jpg', '-o', 'c.jpg'], code: 'OPTION_MISSING', says: '--target-path' },
  { words: ['process', '-s', 'a.jpg', '-t'], code: 'OPTION_MISSING', says: '--target-path' },
  { words: ['process', ...PATHS, 'stray'], code: 'OPTION_INVALID', says: 'Expected 0 arguments' },
  { words: ['process', ...PATHS, '--json=xml'], code: 'OPTION_INVALID', says: 'received xml' },
  { words: ['faces'], code: 'OPTION_MISSING', says: '<file>' },
  { words: ['faces', 'a.jpg', '--frame', '-1'], code: 'OPTION_INVALID', says: 'received -1' },
  { words: ['evaluate', '--source', 'a'], code: 'OPTION_MISSING', says: '--target-path' },
  { words: ['help', 'exit-code'], code: 'OPTION_UNKNOWN', says: 'exit-code', hint: 'Did you mean exit-codes?' },
];

describe('a wrong command line', () => {
  it.each(MISTAKES)('ends with 2 and says what is wrong: $words', async ({ words, code, says, hint }) => {
    const result = await runCli(words);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    const [first, second, ...rest] = result.stderr.trimEnd().split('\n');
    expect(first).toMatch(new RegExp(`^error\\[${code}\\]: `));
    expect(first).toContain(says);
    if (hint !== undefined) expect(second).toBe(`hint: ${hint}`);
    expect([second, ...rest].at(-1)).toBe(`docs: docs/errors.md#${code}`);
  });

  it('is one document with --json, and the last event with --json=lines', async () => {
    const words = ['process', ...PATHS, '--face-mask-blur', '4'];
    const document = await runCli([...words, '--json']);
    expect(document.code).toBe(2);
    expect(JSON.parse(document.stdout)).toMatchObject({
      schemaVersion: 1,
      command: 'process',
      ok: false,
      error: { code: 'OPTION_INVALID', details: { option: 'faceMaskBlur' } },
    });
    const lines = await runCli([...words, '--json=lines']);
    expect(
      lines.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ type: 'failed', schemaVersion: 1, ok: false, error: { code: 'OPTION_INVALID' } }]);
  });

  it('shows the stack with --debug only', async () => {
    const words = ['process', ...PATHS, '--face-mask-blur', '4'];
    expect((await runCli(words)).stderr).not.toContain('    at ');
    expect((await runCli([...words, '--debug'])).stderr).toContain('    at ');
  });
});
