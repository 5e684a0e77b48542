import { describe, expect, it, vi } from 'vitest';
import type { Job } from './jobs.ts';

vi.stubGlobal('location', { origin: 'http://localhost:7860' });
vi.stubGlobal('sessionStorage', { getItem: () => null });
const { callOf, commandOf, flagOf, pasted, quote, requestOf } = await import('./setup-text.ts');

const job = {
  target: 'asset_t',
  sources: [],
  map: [
    { person: 'person1', sources: ['asset_a', 'asset_b'] },
    { person: 'person2', sources: [] },
  ],
  options: { preset: 'fast', lite: true, faceEnhancerBlend: 60, processors: ['face_swapper', 'face_enhancer'] },
  ranges: [{ start: 5, end: 9, map: [{ person: 'person1', sources: [] }] }],
  outputs: [],
  outputName: "it's.mp4",
  post: [],
} as unknown as Job;

describe('the same work as a command', () => {
  it('names options as the command line does, switches without a value, people left alone as keep', () => {
    expect(flagOf('faceEnhancerBlend')).toBe('--face-enhancer-blend');
    expect(commandOf(requestOf(job), { nameOf: (id) => `${id}.file`, output: "it's.mp4" })).toEqual([
      'facefusion process',
      '--map person1=asset_a.file,asset_b.file person2=keep',
      '--target asset_t.file',
      "--output 'it'\\''s.mp4'",
      '--processors face_swapper face_enhancer',
      '--preset fast',
      '--face-enhancer-blend 60',
      `--ranges '{"start":5,"end":9,"map":["person1=keep"]}'`,
      '--lite',
    ]);
  });

  it('quotes what a shell would take apart', () => {
    expect(quote('plain-name.mp4')).toBe('plain-name.mp4');
    expect(quote('$(rm x) y')).toBe("'$(rm x) y'");
  });

  it('makes a call whose body is the request, processors beside the options', () => {
    const text = pasted(callOf(requestOf(job), 'http://localhost:7860'));
    const body: unknown = JSON.parse(/-d '([\s\S]*)'$/.exec(text)?.[1]?.replaceAll("'\\''", "'") ?? '');
    expect(body).toEqual({
      target: 'asset_t',
      map: job.map,
      ranges: job.ranges,
      processors: ['face_swapper', 'face_enhancer'],
      options: { preset: 'fast', lite: true, faceEnhancerBlend: 60 },
      output: { name: "it's" },
    });
  });
});
