/** THIN */
import type { VideoInfo } from './probe.ts';
export async function indexFrames(
  _path: string,
  _info: VideoInfo,
  _signal?: AbortSignal,
): Promise<{ times: Float64Array; isKey: Uint8Array }> {
  return { times: new Float64Array(0), isKey: new Uint8Array(0) };
}
