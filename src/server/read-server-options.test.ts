import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServerOptions } from './read-server-options.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facefusion-options-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(yaml: string, flags: Readonly<Record<string, unknown>> = {}) {
  const file = join(folder, 'serve.yaml');
  await writeFile(file, yaml);
  return readServerOptions(flags, file);
}

describe('options of the service', () => {
  it('are flags, else what the file says, else defaults', async () => {
    const options = await read('port: 1\nhost: "::1"\nuploads: { keepHours: 3 }\n', { port: 2, host: undefined });
    expect(options).toMatchObject({ port: 2, host: '::1', workers: 1, uploads: { keepHours: 3, importHosts: [] } });
    expect(await read('')).toMatchObject({ port: 7861, host: '127.0.0.1' });
    expect(await readServerOptions({}, undefined)).toMatchObject({ keepDays: 7 });
  });

  it.each([
    ['ports: 80', 'OPTION_UNKNOWN', /ports/, 'Did you mean port?'],
    ['uploads: { maxByte: 1 }', 'OPTION_UNKNOWN', /uploads\.maxByte/, undefined],
    ['uploads: { maxBytes: many }', 'OPTION_INVALID', /uploads\.maxBytes/, undefined],
    ['port: 99999', 'OPTION_INVALID', /port/, undefined],
    ['- a', 'OPTION_INVALID', /a list/, undefined],
    ['a: b: c', 'OPTION_INVALID', /YAML/, undefined],
    ['corsOrigins: ["*"]', 'OPTION_INVALID', /origin/, undefined],
    ['callbacks: { allowNetworks: [10.0.0.1] }', 'OPTION_INVALID', /callbacks\.allowNetworks/, undefined],
  ])('that cannot be are named: %s', async (yaml, code, message, hint) => {
    await expect(read(yaml)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      ...(hint === undefined ? {} : { hint }),
    });
  });

  it('are not repeated where the file is broken: it may hold a password', async () => {
    const broken = read('queue: "redis://:secret-word@x\nport: 1');
    await expect(broken).rejects.toSatisfy(
      (error) =>
        error instanceof Error && !error.message.includes('secret-word') && !/secret/.test(String(Object(error).hint)),
    );
  });

  it('come from a file that is there', async () => {
    await expect(readServerOptions({}, join(folder, 'none'))).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
    await expect(readServerOptions({}, folder)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  });
});
