import { expect, it, vi } from 'vitest';
import { EXECUTION_PROVIDERS } from '../../../core/execution-providers.ts';
import type { CheckCode, CheckFacts } from '../../../runner/doctor/check.ts';

const store = { getItem: () => null, setItem: () => undefined };
vi.stubGlobal('location', { origin: 'http://localhost:7860', hash: '' });
vi.stubGlobal('sessionStorage', store);
vi.stubGlobal('localStorage', store);
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('navigator', { languages: ['zh-CN'], platform: '' });
const { setLanguage } = await import('../../i18n/i18n.ts');
const { checkWords, providerWords } = await import('./check-words.ts');

/** Every code, with facts as `doctor` gives them. */
const FOUND: Readonly<Record<CheckCode, CheckFacts>> = {
  node: { version: '20.19.0', platform: 'linux', arch: 'x64' },
  ffmpeg: { version: '5.1' },
  encoders: { working: 'libx264' },
  'encoders-without-device': { working: 'libx264' },
  'encoders-absent': { working: 'libx264', absent: 'libx265' },
  models: { files: 12, totalBytes: 4e7 },
  onnxruntime: { model: 'age_gender', milliseconds: 3 },
  disk: { freeBytes: 5e9 },
  'disk-low': { freeBytes: 1e9 },
  memory: { freeBytes: 5e9, totalBytes: 8e9 },
  'memory-low': { freeBytes: 1e9, totalBytes: 8e9 },
  gpu: { names: 'GPU 0 A100', usedBytes: 1e9, totalBytes: 8e10 },
  'gpu-none': {},
};

it.each(Object.entries(FOUND))('%s is told in Chinese, with its numbers', (code, facts) => {
  const { text, isOriginal } = checkWords({ name: code, status: 'OK', code, message: 'as found', facts });
  expect([isOriginal, text]).toEqual([false, expect.not.stringMatching(/[{}]|undefined|NaN/)]);
  for (const value of Object.values(facts)) {
    if (typeof value === 'string') expect(text).toContain(value);
  }
});

it('a failed check is told as its error', () => {
  const failed = { name: 'ffmpeg', status: 'FAIL', code: 'FFMPEG_NOT_FOUND', message: 'No ffmpeg.' } as const;
  // Until the texts of errors are there it is as the service says it.
  expect(checkWords(failed)).toEqual({ text: 'No ffmpeg.', fix: undefined, isOriginal: true });
});

it('lists are told with the commas of the language, and sizes with units', () => {
  const status = 'WARN';
  expect(
    checkWords({
      ...{ name: 'encoders', status, code: 'encoders-absent', message: '', fix: 'Install it.' },
      facts: { working: 'libx264, libx265', absent: 'libvpx-vp9' },
    }),
  ).toEqual({ text: 'libx264、libx265；缺少 libvpx-vp9', fix: '请安装完整版的 ffmpeg。', isOriginal: false });
  const disk = { name: 'disk', status, code: 'disk-low', message: '' } as const;
  expect(checkWords({ ...disk, facts: { freeBytes: 1.2e9 } }).text).toMatch(/1\.2 GB/);
});

it('every provider is told how it can be had, and what is known of why it does not work', () => {
  for (const id of EXECUTION_PROVIDERS) {
    const missing = { id, title: id, works: false, howToGet: 'Buy one.', reason: 'no' };
    expect(providerWords({ ...missing, fault: 'not-built' }).isOriginal, id).toBe(false);
  }
  const cuda = { id: 'cuda', title: 'CUDA', works: false, howToGet: 'Buy one.', reason: 'libx.so could not be loaded' };
  expect(providerWords({ ...cuda, fault: 'library', library: 'libx.so' }).text).toBe('无法加载 libx.so');
  expect(providerWords(cuda)).toEqual({ text: cuda.reason, fix: cuda.howToGet, isOriginal: true });
});

it('what is not known, and English, is as the service says it', () => {
  const later = { name: 'later', status: 'OK', code: 'later', message: 'Of a newer service.' } as const;
  expect(checkWords(later)).toEqual({ text: later.message, fix: undefined, isOriginal: true });
  setLanguage('en');
  const disk = { name: 'disk', status: 'OK', code: 'disk', message: '5 GB free', facts: { freeBytes: 5e9 } } as const;
  expect(checkWords(disk)).toMatchObject({ text: '5 GB free', isOriginal: true });
});
