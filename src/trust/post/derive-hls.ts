/** A ladder of renditions for HLS: each a video that is made and looked at like any other, and then cut. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import {
  bitRates,
  codecsOf,
  masterPlaylist,
  mediaPlaylist,
  type RenditionFacts,
} from '../../media/post/hls-playlists.ts';
import { cutSegments } from '../../media/post/hls-segments.ts';
import type { VideoInfo } from '../../media/probe.ts';
import { hashOutput } from '../guard/audit-record.ts';
import { isMarked } from '../provenance.ts';
import { withInfo } from './derive-video.ts';
import { FOR_A_MINUTE, FOR_EVER } from './derived-output.ts';
import { derivePoster, deriveSprites } from './hls-pictures.ts';
import { type HlsRequest, ladder } from './hls-request.ts';
import type { Verified } from './make-verified.ts';
import { makeVideo } from './make-video.ts';
import type { PublishedSource } from './published-source.ts';
import { makeFolder } from './work-folder.ts';
import type { Workbench } from './workbench.ts';

/** CRF 21. */
const QUALITY = 59;
/** Of AAC that is encoded anew. */
const SOUND_KILOBITS = 128;

/** A rendition that is whole, not cut yet. */
interface Rendition extends Verified {
  readonly path: string;
  /** Name of its folder. */
  readonly name: string;
}

/** @throws MARK_LOST, OUTPUT_FAILED, FFMPEG_FAILED, CANCELLED */
export async function deriveHls(bench: Workbench, request: HlsRequest): Promise<void> {
  const source = withInfo(bench.source);
  const heights = ladder(request.heights, source);
  const left = request.heights.filter((height) => height > source.height);
  if (left.length > 0) bench.note(leftOutNote(left, source.height));
  await makeFolder(join(bench.folder, 'hls'));
  const facts: RenditionFacts[] = [];
  let smallest: Rendition | undefined;
  for (const height of heights) {
    const rendition = await makeRendition(bench, request, source, height);
    facts.push(await publishRendition(bench, request, source, rendition));
    if (smallest) await rm(smallest.path, { force: true });
    smallest = rendition;
  }
  if (smallest && request.sprites) await deriveSprites(bench, request, { ...smallest, fps: source.info.fps });
  if (request.poster) await derivePoster(bench, request);
  // Last, so that it never names what is not there yet.
  const path = join(bench.folder, 'hls', 'master.m3u8');
  await writeFile(path, masterPlaylist(facts));
  await bench.keep({ ...request, path, mark: 'none', cacheControl: FOR_A_MINUTE });
}

const leftOutNote = (heights: readonly number[], height: number) => ({
  code: 'heights-left-out',
  message: `The output is ${height} pixels high: renditions of ${heights.join(', ')} are left out.`,
});

/** Bits a second that services give 1080p, in thousands, and how they fall with the number of pixels. */
const FULL_HD = { kilobits: 5000, pixels: 1920 * 1080, exponent: 0.75 } as const;
const FAST_FPS = 35;
const FAST_FACTOR = 1.5;

const mostKilobits = (width: number, height: number, fps: number): number =>
  Math.round(
    FULL_HD.kilobits * ((width * height) / FULL_HD.pixels) ** FULL_HD.exponent * (fps > FAST_FPS ? FAST_FACTOR : 1),
  );

async function makeRendition(
  bench: Workbench,
  request: HlsRequest,
  source: PublishedSource & { readonly info: VideoInfo },
  height: number,
): Promise<Rendition> {
  const { info } = source;
  const name = `${height}p`;
  const path = join(bench.folder, `${name}.mp4`);
  const scale = height / info.height;
  let tries = 0;
  const verified = await bench.verified(
    {
      kind: 'video',
      name: `hls/${name}`,
      isAlone: true,
      make(file, layOn) {
        if (tries++ > 0) bench.plan(info.frameCountEstimate);
        return makeVideo({
          ...{ source, path: file, layOn, signal: bench.signal, onFrame: () => bench.step(), onNote: () => {} },
          shape: {
            ...{ encoder: 'libx264', preset: 'fast', quality: QUALITY, scale, filters: request.filters },
            rate: { kind: 'limit', kilobits: mostKilobits(info.width * scale, height, info.fps) },
            keyFrameSeconds: request.segmentSeconds,
            audioFilters: request.audioFilters,
            ...{ audioCodecs: new Set(['aac']), audioEncoder: undefined, firstSoundOnly: true, bitDepth: 8 },
            ...(info.audioStreams[0]?.codec === 'aac' ? {} : { audioKilobits: SOUND_KILOBITS }),
          },
        });
      },
    },
    path,
  );
  return { ...verified, path, name };
}

const hashed = (number: string, ending: string) => (sha256: string) => `${number}${sha256.slice(0, 16)}${ending}`;

async function publishRendition(
  bench: Workbench,
  request: HlsRequest,
  source: PublishedSource & { readonly info: VideoInfo },
  rendition: Rendition,
): Promise<RenditionFacts> {
  const folder = join(bench.folder, 'hls', rendition.name);
  const base = `hls/${rendition.name}`;
  await makeFolder(folder);
  const { aigc, info } = source;
  const cut = await cutSegments({
    ...{ from: rendition.path, folder, segmentSeconds: request.segmentSeconds, comment: info.comment, aigc },
    ...{ hasSound: info.audioStreams.length > 0, signal: bench.signal },
  });
  const { width, height } = rendition;
  const segments = [];
  for (const [index, { file, durationSeconds }] of cut.segments.entries()) {
    const kept = await bench.keep({
      ...{ name: '', role: 'segment', work: request.work, record: request.record, mark: rendition.mark },
      ...{ path: join(folder, file), isWhole: false, width, height, durationSeconds, cacheControl: FOR_EVER },
      rename: (sha256) => `${base}/${hashed(`${String(index).padStart(5, '0')}-`, '.m4s')(sha256)}`,
    });
    segments.push({ name: lastPart(kept.name), durationSeconds, bytes: kept.bytes, sha256: kept.sha256 });
  }
  const initPath = join(folder, cut.initFile);
  if (!(await isMarked(initPath))) throw new AppError('INTERNAL', `${base} does not carry its provenance metadata.`);
  const codecs = codecsOf(await readFile(initPath));
  const init = await bench.keep({
    ...{ name: `${base}/init.mp4`, role: 'segment', work: request.work, mark: rendition.mark },
    // The hash of every segment stands with what comes before them.
    record: { steps: request.record, segments: segments.map(({ sha256 }) => sha256) },
    ...{ path: initPath, width, height, cacheControl: FOR_EVER, embeds: false },
    rename: (sha256) => `${base}/${hashed('init-', '.mp4')(sha256)}`,
  });
  const playlistPath = join(folder, 'index.m3u8');
  await writeFile(playlistPath, mediaPlaylist(lastPart(init.name), segments));
  const { sha256 } = await hashOutput(playlistPath);
  const playlist = await bench.keep({
    ...{ name: `${base}/${hashed('index-', '.m3u8')(sha256)}`, role: 'playlist', work: request.work },
    ...{ record: request.record, mark: rendition.mark, path: playlistPath, isWhole: false, width, height },
    ...{ durationSeconds: rendition.durationSeconds, cacheControl: FOR_EVER },
  });
  return {
    ...{ playlistName: playlist.name.slice('hls/'.length), width, height, fps: info.fps, codecs },
    ...bitRates(segments),
  };
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
