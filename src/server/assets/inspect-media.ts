/** Tells what an upload is by its content, and refuses what is too large before anything is decoded. */
import { basename } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Asset } from '../../jobs/asset.ts';
import { DEFAULT_MAX_FRAME_PIXELS, probeVideo } from '../../media/probe.ts';
import { probeImage } from '../../media/probe-image.ts';
import { DEFAULT_MAX_PIXELS } from '../../media/read-image.ts';
import { sniffMedia } from '../../media/sniff.ts';
import { probeSound } from '../../media/sound-source.ts';

export interface MediaLimits {
  readonly maxSeconds: number;
  readonly maxPixels: number;
}

export interface InspectedMedia {
  readonly media: NonNullable<Asset['media']>;
  readonly contentType: string;
}

/** By format as `sniffMedia` tells it; from IANA's list, and where that has none, what players send. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ...{ jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp', bmp: 'image/bmp', tiff: 'image/tiff' },
  ...{ avif: 'image/avif', gif: 'image/gif', heic: 'image/heic', mp4: 'video/mp4', mov: 'video/quicktime' },
  ...{ m4v: 'video/x-m4v', mkv: 'video/matroska', webm: 'video/webm', avi: 'video/x-msvideo', wmv: 'video/x-ms-wmv' },
  ...{ mpeg: 'video/mpeg', ts: 'video/mp2t', mxf: 'application/mxf', flv: 'video/x-flv', ogv: 'video/ogg' },
  ...{ mp3: 'audio/mpeg', wav: 'audio/wav', flac: 'audio/flac', ogg: 'audio/ogg', m4a: 'audio/mp4', aac: 'audio/aac' },
  aiff: 'audio/aiff',
};

/**
 * @param path a file of this machine; its name is what messages call it
 * @throws INPUT_UNSUPPORTED for what is neither photo, video nor sound, INPUT_TOO_LARGE, INPUT_UNREADABLE,
 *   FFMPEG_NOT_FOUND, CANCELLED
 */
export async function inspectMedia(path: string, limits: MediaLimits, signal?: AbortSignal): Promise<InspectedMedia> {
  const { kind, format } = await sniffMedia(path);
  const contentType = CONTENT_TYPES[format] ?? 'application/octet-stream';
  switch (kind) {
    case 'unknown':
      throw new AppError('INPUT_UNSUPPORTED', `${basename(path)} is no photo, video or sound that FaceFusion knows.`, {
        hint: 'What counts is the content, not the name or the content type.',
      });
    case 'image': {
      // What no run could read is not taken, either.
      const size = await probeImage(path, format, Math.min(limits.maxPixels, DEFAULT_MAX_PIXELS));
      return { media: { kind, format, ...size }, contentType };
    }
    case 'video': {
      const { width, height, durationSeconds, frameCountEstimate, fps } = await probeVideo(path, {
        maxPixels: Math.min(limits.maxPixels, DEFAULT_MAX_FRAME_PIXELS),
        maxDurationSeconds: limits.maxSeconds,
        ...(signal ? { signal } : {}),
      });
      return { media: { kind, format, width, height, durationSeconds, frames: frameCountEstimate, fps }, contentType };
    }
    case 'audio':
      await probeSound(path, signal);
      return { media: { kind, format }, contentType };
  }
}
