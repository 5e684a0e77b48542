/** Reads every frame of a video and writes it unchanged, by way of chunks. */
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openChunkWriter, type TimedFrame } from '../../src/media/chunk-writer.ts';
import { type JoinedChunk, joinChunks } from '../../src/media/join-chunks.ts';
import { openOutputFile } from '../../src/media/output-file.ts';
import { planVideoOutput, type VideoOutputRequest } from '../../src/media/plan-video-output.ts';
import { probeVideo, type VideoInfo } from '../../src/media/probe.ts';
import { openVideoReader } from '../../src/media/video-reader.ts';

export interface CopyOptions extends Partial<Omit<VideoOutputRequest, 'info'>> {
  /** 0..100; default 90. */
  readonly quality?: number;
  readonly audioVolume?: number;
  /** 0..100; default 80. */
  readonly audioQuality?: number;
  /** Default false. */
  readonly force?: boolean;
  readonly startFrame?: number;
  readonly endFrame?: number;
  /** Default: as many as there are. */
  readonly chunkFrames?: number;
}

/** Returns what was read. */
export async function copyVideo(
  input: string,
  output: string,
  options: CopyOptions = {},
): Promise<{ index: number; pts: number }[]> {
  const { encoder = 'libx264', startFrame, endFrame, chunkFrames = Number.POSITIVE_INFINITY } = options;
  const info = await probeVideo(input);
  const plan = await planVideoOutput(output, { ...options, encoder, info });
  await using file = await openOutputFile(output, {
    ...{ force: options.force ?? false, inputs: [input] },
    isSequence: plan.container === 'images',
  });
  const read: { index: number; pts: number }[] = [];
  const folder = await mkdtemp(join(dirname(output), "chunk's "));
  const chunks: JoinedChunk[] = [];
  const { quality = 90, scale = 1, audioVolume = 100, audioQuality = 80 } = options;
  const encoding = { info, plan, preset: 'ultrafast', quality, scale } as const;

  let waiting: TimedFrame[] = [];
  const encode = async (): Promise<void> => {
    const path = join(folder, `${chunks.length}.mp4`);
    await using writer = openChunkWriter(path, encoding);
    for (const frame of waiting) await writer.write(frame);
    chunks.push({ path, ...(await writer.finish()) });
    waiting = [];
  };
  try {
    for await (const frame of openVideoReader(input, info, { startFrame, endFrame })) {
      read.push({ index: frame.index, pts: frame.ptsSeconds });
      waiting.push({ ...frame, data: frame.data.slice() });
      if (waiting.length >= chunkFrames) await encode();
    }
    if (waiting.length > 0) await encode();
    await joinChunks({
      ...{ ...encoding, chunks, audioVolume, audioQuality },
      outputPath: file.partialPath,
      othersFrom: input,
      endSeconds: endOf(read, info),
      trim: startFrame !== undefined || endFrame !== undefined,
    });
    await file.commit();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return read;
}

const endOf = (read: readonly { readonly pts: number }[], info: VideoInfo): number => read.at(-1)!.pts + 1 / info.fps;
