import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('location', { hash: '' });
vi.stubGlobal('localStorage', { getItem: () => null });
vi.stubGlobal('addEventListener', () => {});
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {} }));
const { EMPTY_DOCUMENT } = await import('./document.ts');
const { boundsOf, documentAt, rangeAt, roomAt } = await import('./range-settings.ts');

const range = (id: string, start: number, end: number) => ({ id, start, end, off: false, options: {}, mapping: {} });
const ranges = [range('a', 10, 20), range('b', 30, 40)];
const document = {
  ...EMPTY_DOCUMENT,
  options: { faceMaskBlur: 0.2, faceEnhancerBlend: 80 },
  mapping: { person1: { to: 'A', pinned: true } },
  ranges: [ranges[0]!, { ...ranges[1]!, options: { faceMaskBlur: 0.9 }, mapping: { person1: 'keep', person2: 'B' } }],
};

describe('ranges', () => {
  it('are of the frames from their start to before their end', () => {
    expect([9, 10, 19, 20].map((frame) => rangeAt(document, frame)?.id)).toEqual([undefined, 'a', 'a', undefined]);
  });

  it('change what they name, and nothing else', () => {
    const { options, mapping, ranges: left } = documentAt(document, 30);
    expect(options).toEqual({ faceMaskBlur: 0.9, faceEnhancerBlend: 80 });
    expect(mapping).toEqual({ person1: { to: 'keep', pinned: true }, person2: { to: 'B', pinned: false } });
    expect(left).toEqual([]);
    expect(documentAt(document, 25).options).toEqual(document.options);
    expect(documentAt(EMPTY_DOCUMENT, 25)).toBe(EMPTY_DOCUMENT);
  });

  it('go from the playhead to the next marker, range or end', () => {
    const within = { start: 5, end: 100 };
    const markers = [{ frame: 60, preset: 'fast', options: {} }];
    expect(roomAt({ markers: [], ranges: [] }, 50, within)).toEqual({ start: 50, end: 100 });
    expect(roomAt({ markers, ranges }, 50, within)).toEqual({ start: 50, end: 60 });
    expect(roomAt({ markers, ranges }, 22, within)).toEqual({ start: 22, end: 30 });
    expect(roomAt({ markers, ranges }, 2, within)).toEqual({ start: 5, end: 10 });
    expect(roomAt({ markers, ranges }, 15, within)).toBeUndefined();
    expect(roomAt({ markers: [], ranges: [] }, 100, within)).toBeUndefined();
  });

  it('keep out of each other, and keep a frame', () => {
    expect(boundsOf(ranges, ranges[1]!, 'start', 100)).toEqual({ least: 20, most: 39 });
    expect(boundsOf(ranges, ranges[0]!, 'end', 100)).toEqual({ least: 11, most: 30 });
    expect(boundsOf(ranges, ranges[1]!, 'end', 100)).toEqual({ least: 31, most: 100 });
  });
});
