import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { splitCall } from './runner/split-call.ts';

const entry = fileURLToPath(new URL('index.ts', import.meta.url));
const folder = fileURLToPath(new URL('..', import.meta.url));

describe('importing the library', () => {
  it('loads neither ONNX Runtime nor sharp, and exports what is documented', () => {
    // Native modules are loaded through `process.dlopen` and nothing else.
    const script = `
      const loaded = [];
      const { dlopen } = process;
      process.dlopen = (...args) => { loaded.push(args[1]); return dlopen(...args); };
      const library = await import(${JSON.stringify(entry)});
      console.log(JSON.stringify({ loaded, names: Object.keys(library).sort() }));`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const { loaded, names } = JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }));
    expect(loaded.filter((path: string) => /onnxruntime|sharp/.test(path))).toEqual([]);
    expect(names).toEqual([
      'AppError',
      'detectFaces',
      'evaluate',
      'findPeople',
      'isAppError',
      'previewFrame',
      'processImage',
      'processMedia',
      'processVideo',
      'verify',
    ]);
  });
});

describe('a call', () => {
  it('is split into options and what surrounds the run', () => {
    const { signal } = new AbortController();
    const onProgress = (): void => {};
    const { options, context } = splitCall({ targetPath: 't', signal, onProgress, modelDirectory: 'm' });
    expect(options).toEqual({ targetPath: 't' });
    expect(context).toEqual({ signal, onProgress, logger: undefined, modelDirectory: 'm' });
  });

  it('that is no object is left for the parser to refuse', () => {
    expect(splitCall('x').options).toBe('x');
    expect(splitCall(undefined).options).toBeUndefined();
  });
});
