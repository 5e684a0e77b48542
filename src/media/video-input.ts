/** How ffmpeg and ffprobe are given a file of the user. */
import { toFfmpegFile } from './ffmpeg-process.ts';

/** Demuxers for user files: containers only, no playlists, no `concat`, no image sequences, no devices. */
const DEMUXERS =
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,mpeg,mpegvideo,mpegts,mxf,flv,ogg,gif,mp3,wav,flac,aac,aiff';
/** Bytes of the largest block that ffmpeg may ask for: far above a frame, far below what a damaged header may claim. */
const LARGEST_BLOCK = 2 ** 30;

/** Options before `-i` for every file that comes from a user. */
export const UNTRUSTED_INPUT: readonly string[] = [
  ...['-max_alloc', String(LARGEST_BLOCK)],
  ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', DEMUXERS],
];

/** Everything that names an input: its limits, `-i` and the path. */
export const inputArguments = (path: string): string[] => [...UNTRUSTED_INPUT, '-i', toFfmpegFile(path)];
