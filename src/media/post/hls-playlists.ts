/** Playlists of HLS, as text. @see RFC 8216 */

export interface PlaylistSegment {
  /** Relative to the playlist. */
  readonly name: string;
  readonly durationSeconds: number;
}

/** The playlist of one rendition. */
export function mediaPlaylist(initName: string, segments: readonly PlaylistSegment[]): string {
  const longest = Math.max(...segments.map(({ durationSeconds }) => durationSeconds));
  const lines = segments.map(({ name, durationSeconds }) => `#EXTINF:${durationSeconds.toFixed(6)},\n${name}\n`);
  return [
    '#EXTM3U\n#EXT-X-VERSION:7\n',
    // Whole, and no less than any segment, rounded.
    `#EXT-X-TARGETDURATION:${Math.ceil(longest - 0.5) || 1}\n`,
    '#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n',
    `#EXT-X-MAP:URI="${initName}"\n`,
    ...lines,
    '#EXT-X-ENDLIST\n',
  ].join('');
}

export interface RenditionFacts {
  /** Relative to the master. */
  readonly playlistName: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** As in RFC 6381. */
  readonly codecs: string;
  /** Bits a second: of the largest segment, and of all. */
  readonly peakBits: number;
  readonly averageBits: number;
}

/** The playlist that names all renditions, best first: players begin with the first. */
export function masterPlaylist(renditions: readonly RenditionFacts[]): string {
  const lines = renditions.map((rendition) => {
    const { playlistName, width, height, fps, codecs, peakBits, averageBits } = rendition;
    return (
      `#EXT-X-STREAM-INF:BANDWIDTH=${Math.ceil(peakBits)},AVERAGE-BANDWIDTH=${Math.ceil(averageBits)},` +
      `RESOLUTION=${width}x${height},FRAME-RATE=${fps.toFixed(3)},CODECS="${codecs}"\n${playlistName}\n`
    );
  });
  return `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n${lines.join('')}`;
}

/**
 * Bits a second as players are told them.
 * @returns the most of any stretch between half and one and a half times the longest segment, and that of all
 * @see RFC 8216, 4.1: a short last segment alone says nothing
 */
export function bitRates(
  segments: readonly { readonly bytes: number; readonly durationSeconds: number }[],
): Pick<RenditionFacts, 'peakBits' | 'averageBits'> {
  const longest = Math.max(...segments.map(({ durationSeconds }) => durationSeconds));
  let peakBits = 0;
  for (let first = 0; first < segments.length; first++) {
    let [bytes, seconds] = [0, 0];
    for (let last = first; last < segments.length && seconds <= 1.5 * longest; last++) {
      bytes += segments[last]!.bytes;
      seconds += segments[last]!.durationSeconds;
      if (seconds >= 0.5 * longest && seconds <= 1.5 * longest) peakBits = Math.max(peakBits, (bytes * 8) / seconds);
    }
  }
  const total = (of: 'bytes' | 'durationSeconds'): number => segments.reduce((sum, segment) => sum + segment[of], 0);
  return { peakBits, averageBits: (total('bytes') * 8) / total('durationSeconds') };
}

/** Tag of the description of AAC in an `esds` box. @see ISO/IEC 14496-1, 7.2.2 */
const DECODER_SPECIFIC_INFO = 0x05;

/** What players need to know of H.264 and AAC before they load anything, from the head of a fragmented MP4. */
export function codecsOf(init: Buffer): string {
  const codecs: string[] = [];
  const avc = init.indexOf('avcC', 0, 'latin1');
  if (avc >= 0) codecs.push(`avc1.${init.toString('hex', avc + 5, avc + 8)}`);
  const esds = init.indexOf('esds', 0, 'latin1');
  if (esds >= 0) codecs.push(`mp4a.40.${audioObjectType(init, esds)}`);
  return codecs.join(',');
}

/** 2 for AAC-LC, 5 and 29 for HE-AAC. */
function audioObjectType(init: Buffer, esds: number): number {
  // Behind name, version and flags; tags with lengths of one to four bytes.
  const at = init.indexOf(DECODER_SPECIFIC_INFO, esds + 8 + 13);
  if (at < 0) return 2;
  let next = at + 1;
  while (init[next]! & 0x80) next++;
  return init[next + 1]! >> 3;
}
