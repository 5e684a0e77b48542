import { describe, expect, it } from 'vitest';
import { bitRates, codecsOf, masterPlaylist, mediaPlaylist } from './hls-playlists.ts';
import { planSprites, spriteCues } from './sprite-sheet.ts';

describe('playlists', () => {
  it('name what comes first, every segment, and no segment longer than they promise', () => {
    const text = mediaPlaylist('init-a.mp4', [
      { name: 'a.m4s', durationSeconds: 6.4 },
      { name: 'b.m4s', durationSeconds: 0.08 },
    ]);
    expect(text).toContain('#EXT-X-TARGETDURATION:6\n');
    expect(text).toContain(
      '#EXT-X-MAP:URI="init-a.mp4"\n#EXTINF:6.400000,\na.m4s\n#EXTINF:0.080000,\nb.m4s\n#EXT-X-ENDLIST',
    );
    expect(mediaPlaylist('i', [{ name: 'a', durationSeconds: 0.2 }])).toContain('TARGETDURATION:1\n');
  });

  it('tell rates that a short last segment does not raise', () => {
    const even = { bytes: 1000, durationSeconds: 2 };
    expect(bitRates([even, even, { bytes: 400, durationSeconds: 0.08 }])).toEqual({
      peakBits: (1400 * 8) / 2.08,
      averageBits: (2400 * 8) / 4.08,
    });
    expect(bitRates([{ bytes: 500, durationSeconds: 0.5 }]).peakBits).toBe(8000);
  });

  it('tell codecs by what is in the head of the fragments', () => {
    const avc = Buffer.from('....avcC\x01\x64\x00\x1f', 'latin1');
    const esds = (type: number) =>
      Buffer.concat([
        Buffer.from('....esds\0\0\0\0', 'latin1'),
        Buffer.from('03808080220001000480808014401500000000000000000000000580808002', 'hex'),
        Buffer.from([type << 3, 0x10]),
      ]);
    expect(codecsOf(avc)).toBe('avc1.64001f');
    expect(codecsOf(Buffer.concat([avc, esds(2)]))).toBe('avc1.64001f,mp4a.40.2');
    expect(codecsOf(Buffer.concat([avc, esds(5)]))).toBe('avc1.64001f,mp4a.40.5');
  });

  it('list renditions with size and rate', () => {
    const master = masterPlaylist([
      {
        ...{ playlistName: '720p/index.m3u8', width: 1280, height: 720, fps: 25 },
        ...{ codecs: 'avc1.64001f', peakBits: 2_000_000.4, averageBits: 1e6 },
      },
    ]);
    expect(master).toContain('BANDWIDTH=2000001,AVERAGE-BANDWIDTH=1000000,RESOLUTION=1280x720,FRAME-RATE=25.000');
  });
});

describe('sprites', () => {
  it('cover a video of any length with at most a hundred', () => {
    expect(planSprites(400, 300, 8.08, 25)).toMatchObject({
      count: 9,
      columns: 9,
      rows: 1,
      everySeconds: 1,
      tileHeight: 120,
    });
    expect(planSprites(1920, 1080, 7200, 25)).toMatchObject({ count: 100, columns: 10, rows: 10, everySeconds: 72 });
    expect(planSprites(100, 100, 0.04, 25)).toMatchObject({ count: 1, columns: 1, rows: 1 });
    // There is no frame between.
    expect(planSprites(100, 100, 10, 0.5)).toMatchObject({ count: 5, everySeconds: 2 });
  });

  it('say when each is', () => {
    const sheet = planSprites(1920, 1080, 3723.5, 25);
    const cues = spriteCues('s.jpg', sheet, 3723.5).split('\n\n');
    expect(cues[0]).toBe('WEBVTT');
    expect(cues[12]).toBe(`00:06:58.000 --> 00:07:36.000\ns.jpg#xywh=160,90,160,90`);
    expect(cues.at(-1)).toContain('01:02:03.500\n');
  });
});
