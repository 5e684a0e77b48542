import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppError, isAppError } from '../../core/errors.ts';
import { checkRun } from './check-run.ts';
import { parsePolicy } from './parse-policy.ts';
import { POLICY_KEYS } from './policy-keys.ts';
import { policySchema } from './policy-schema.ts';
import { policyTemplate } from './policy-template.ts';
import { readPolicy } from './read-policy.ts';

const messagesOf = (text: string): string[] =>
  parsePolicy(text).problems.map(({ line, message, hint }) => `${line}: ${message} ${hint ?? ''}`.trim());

describe('the text of a policy', () => {
  it('has defaults for all that it leaves out', () => {
    const defaults = policySchema.parse({});
    for (const text of ['', '# nothing\n', '{}', 'moderation:\nwords:\n  # files: []\n']) {
      expect(parsePolicy(text)).toMatchObject({ policy: defaults, problems: [] });
    }
    expect(defaults).toMatchObject({ watermark: { strength: 1.6 }, faceAge: { lowest: 18, action: 'refuse' } });
  });

  it.each([
    ['moderation: off', 'cannot switch off moderation'],
    ['moderation: false', 'cannot switch off moderation'],
    ['moderation:\n  enabled: false', 'cannot switch off moderation'],
    ['noModeration: true', 'cannot switch off moderation'],
    ['watermark: none', 'cannot switch off watermark'],
    ['watermark:\n  disabled: yes', 'cannot switch off watermark'],
    ['audit: no', 'cannot switch off audit'],
    ['skip-audit: true', 'cannot switch off audit'],
    ['faceAge: 0', 'cannot switch off faceAge'],
    ['blocklist: []', 'cannot switch off blocklist'],
  ])('refuses %j and says why', (text, reason) => {
    const messages = messagesOf(text);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(reason);
  });

  it.each([
    ['consent: require', '1: Expected optional | required for consent, received require. Did you mean required?'],
    ['\n\nconsnet: required', '3: There is no key consnet. Did you mean consent?'],
    ['audit:\n  retentionDay: 300', '2: There is no key audit.retentionDay. Did you mean audit.retentionDays?'],
    ['lowest: 20', '1: There is no key lowest. Did you mean faceAge.lowest?'],
    [
      'moderation.threshold: 0.3',
      '1: There is no key moderation.threshold. Write threshold: on a line of its own below moderation:',
    ],
    ['labels: [cn, us]\noperator: {name: A}', '1: Expected list of cn | eu for labels, received us.'],
    ['consent:', '1: Expected optional | required for consent, received nothing. Did you mean optional?'],
    ['consent: required\nconsent: optional', '2: Map keys must be unique.'],
    ['consent: !secret required', '1: Unresolved tag: !secret.'],
    ['licensePolicy: &a any\nconsent: *a', '2: Expected optional | required for consent, received something else.'],
    ['- consent', '1: Expected keys and their values.'],
    ['1: 2', '1: Expected the name of a key.'],
    ['labels: [cn]', '1: Expected operator.producerCode or operator.name beside the label cn.'],
    ['signing:\n  key: a.pem', '2: There is no signing.key with signing.source installation.'],
    ['operator: A company', '1: Expected keys below operator: operator.name, operator.producerCode.'],
  ])('%j: %s', (text, message) => {
    const [first] = messagesOf(text);
    expect(first).toContain(message.replace(/ Did you mean optional\?$/, ''));
  });

  it('is read or refused, whatever it is: never both, never neither', () => {
    const word = fc.constantFrom(
      ...['moderation', 'audit', 'consent', 'labels', 'threshold', 'off', 'required', 'cn', '0.4', '18', 'null', '~'],
      ...[
        ': ',
        ':\n  ',
        '\n',
        '- ',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '"',
        '&a ',
        '*a',
        '!!str ',
        '#',
        '|',
        '---\n',
        '\t',
        '?',
      ],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
        ),
        (text) => {
          const { policy, problems } = parsePolicy(text);
          expect(policy === undefined).toBe(problems.length > 0);
          for (const { line } of problems) expect(line).toBeGreaterThanOrEqual(1);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('lists all mistakes, in the order of their lines', () => {
    const lines = parsePolicy('moderation: off\nfoo: 1\nconsent: maybe\n').problems.map(({ line }) => line);
    expect(lines).toEqual([1, 2, 3]);
  });

  it('refuses two documents, aliases by the million and a key of every object', () => {
    expect(messagesOf('consent: required\n---\nconsent: optional\n')).toHaveLength(1);
    expect(messagesOf('a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n').length).toBeGreaterThan(0);
    expect(messagesOf('__proto__: {consent: required}')[0]).toContain('There is no key __proto__');
    expect(messagesOf('moderation: {constructor: 1}')[0]).toContain('There is no key moderation.constructor');
  });

  it.each(POLICY_KEYS.filter(({ why }) => why !== undefined).map(({ key, values }) => [key, values] as const))(
    '%s stays within %s',
    (key, values) => {
      const [least, most] = values.split(',')[0]!.split('..').map(Number) as [number, number];
      const [section, name] = key.split('.') as [string, string];
      const withValue = (value: unknown): string[] => messagesOf(`${section}:\n  ${name}: ${value}`);
      expect([withValue(least), withValue(most)]).toEqual([[], []]);
      for (const value of [least - 0.01, most + 0.01, 'off', '.nan', '.inf', '"1"']) {
        expect(withValue(value)[0]).toContain(`2: Expected ${values} for ${key}`);
      }
    },
  );
});

describe('the template', () => {
  it('allows what a missing policy does, as it is and with every key switched on', () => {
    const defaults = policySchema.parse({});
    const switchedOn = policyTemplate().replaceAll(/^# /gm, '');
    for (const text of [policyTemplate(), switchedOn]) {
      expect(parsePolicy(text)).toMatchObject({ policy: defaults, problems: [] });
    }
    const set = POLICY_KEYS.filter(({ defaultValue }) => defaultValue !== undefined).map(({ key }) => key);
    expect([...parsePolicy(switchedOn).lines.keys()]).toEqual(set);
  });
});

describe('docs/policy.md', () => {
  it('has every key with its values, default and meaning', async () => {
    const page = await readFile(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    const escaped = (text: string): string => text.replaceAll('|', '\\|');
    expect(rows).toEqual(
      POLICY_KEYS.map(({ key, values, defaultValue, description }) => {
        const preset =
          key === 'processors' ? 'all' : defaultValue === undefined ? 'none' : String(defaultValue) || 'none';
        const taken = key === 'processors' ? 'list of processors' : values;
        return `| \`${key}\` | ${escaped(taken)} | ${preset} | ${escaped(description)} |`;
      }),
    );
  });
});

describe('the policy of an installation', () => {
  let folder: string;
  let path: string;
  let environment: Record<string, string>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facefusion-test-'));
    path = join(folder, 'policy.yaml');
    environment = { FACEFUSION_DATA_FOLDER: folder };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const write = (text: string): Promise<void> => writeFile(path, text, { mode: 0o644 });
  const failure = async (): Promise<AppError> => {
    const error = await readPolicy(environment).catch((thrown: unknown) => thrown);
    if (!isAppError(error)) throw new Error('Expected a refusal.');
    return error;
  };

  it('says where each value comes from, is frozen, and its paths begin at the file', async () => {
    await writeFile(join(folder, 'more.txt'), 'x\n');
    await write('consent: required\nwords:\n  files: [more.txt]\n');
    const { policy, origin, file } = await readPolicy(environment);
    expect(policy).toMatchObject({ consent: 'required', words: { files: [join(folder, 'more.txt')] } });
    expect(origin).toMatchObject({ consent: `${path}:1`, 'words.files': `${path}:3`, labels: 'default' });
    expect(Object.keys(origin)).toEqual(POLICY_KEYS.map(({ key }) => key));
    expect(file).toBe(path);
    expect(() => Object.assign(policy.moderation, { threshold: 1 })).toThrow(TypeError);
    expect(() => (policy.words.files as string[]).push('x')).toThrow(TypeError);
  });

  it('has a hash of all values: another one for every change, the same for the same values', async () => {
    const hashOf = async (text: string): Promise<string> => {
      await write(text);
      return (await readPolicy(environment)).hash;
    };
    const hash = await hashOf('');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf('# a comment\nmoderation: {threshold: 0.75}')).toBe(hash);
    expect(await hashOf('moderation: {threshold: 0.5}')).not.toBe(hash);
    await rm(path);
    expect((await readPolicy(environment)).hash).toBe(hash);
  });

  it('is what FACEFUSION_POLICY names, which must be there', async () => {
    environment.FACEFUSION_POLICY = join(folder, 'other.yaml');
    await write('consent: required');
    expect(await failure()).toMatchObject({ code: 'POLICY_INVALID', exitCode: 8 });
    await writeFile(environment.FACEFUSION_POLICY, 'labels: [eu]');
    expect((await readPolicy(environment)).policy).toMatchObject({ consent: 'optional', labels: ['eu'] });
  });

  it('stops with place and number of the mistakes', async () => {
    await write('consent: required\nmoderation: off\nfoo: 1\n');
    const error = await failure();
    expect(error.code).toBe('POLICY_INVALID');
    expect(error.message).toContain(`${path}:2: A policy cannot switch off moderation`);
    expect(error.hint).toContain('1 more');
    expect(error.details?.problems).toHaveLength(2);
  });

  it('is refused where a list that it names is not there, where it is no text, a folder or too large', async () => {
    await write('words:\n  files: [gone.txt]');
    expect((await failure()).message).toContain(`${path}:2: There is no file ${join(folder, 'gone.txt')}`);
    await writeFile(path, Buffer.of(0x63, 0xff, 0xfe));
    expect((await failure()).code).toBe('POLICY_INVALID');
    await writeFile(path, `#${' '.repeat(1 << 18)}`);
    expect((await failure()).message).toContain('at most');
    await rm(path);
    await mkdir(path);
    expect((await failure()).code).toBe('POLICY_INVALID');
  });

  it.skipIf(process.platform === 'win32')('is refused where others may write it, or to its folder', async () => {
    await write('consent: required');
    for (const mode of [0o664, 0o646, 0o666]) {
      await chmod(path, mode);
      expect(await failure()).toMatchObject({ code: 'POLICY_INVALID', hint: `Run: chmod go-w ${path}` });
    }
    await chmod(path, 0o644);
    await chmod(folder, 0o777);
    expect((await failure()).message).toContain('folder');
    await chmod(folder, 0o700);
    expect((await readPolicy(environment)).policy.consent).toBe('required');
  });

  it.skipIf(process.getuid?.() !== 0)('is refused where it belongs to another user', async () => {
    await write('consent: required');
    const { chown } = await import('node:fs/promises');
    await chown(path, 12345, 12345);
    expect((await failure()).message).toContain('belongs to another user');
  });
});

describe('a run under a policy', () => {
  const request = { processors: ['face_swapper'], licensePolicy: 'any' } as const;
  const codeOf = (text: string, more: object = {}): string => {
    try {
      checkRun(parsePolicy(text).policy!, { ...request, ...more });
      return 'none';
    } catch (error) {
      return isAppError(error) ? `${error.code} ${error.details?.policyKey}` : String(error);
    }
  };

  it('is refused what the policy does not allow, and told what it does', () => {
    expect(codeOf('')).toBe('none');
    expect(codeOf('processors: [face_enhancer]')).toBe('POLICY_FORBIDS processors');
    expect(codeOf('processors: [face_swapper]')).toBe('none');
    expect(codeOf('licensePolicy: commercial')).toBe('POLICY_FORBIDS licensePolicy');
    expect(codeOf('licensePolicy: commercial', { licensePolicy: 'commercial' })).toBe('none');
    const credentialsMissing = 'the library is not there.';
    expect(codeOf('credentials: required')).toBe('none');
    expect(codeOf('credentials: required', { credentialsMissing })).toBe('POLICY_FORBIDS credentials');
    expect(codeOf('', { credentialsMissing })).toBe('none');
  });
});
