/**
 * Raw frames with exact time stamps, as a Matroska stream that is written while it is made. Raw video alone has no time
 * stamps, so that a variable frame rate would be lost on its way into ffmpeg.
 * @see RFC 9559 (Matroska), RFC 8794 (EBML)
 */

/** Nanoseconds of a Matroska tick. */
const TICK_NANOSECONDS = 1000;
const UNKNOWN_SIZE = Buffer.from('01ffffffffffffff', 'hex');
const TRACK_TYPE_VIDEO = 1;
/** Track 1, relative time 0, key frame. */
const BLOCK_HEAD = Buffer.from([0x81, 0, 0, 0x80]);
/** Ids of RFC 9559 by the names it gives them. */
const ID = {
  ebml: '1a45dfa3',
  ebmlVersion: '4286',
  ebmlReadVersion: '42f7',
  ebmlMaxIdLength: '42f2',
  ebmlMaxSizeLength: '42f3',
  docType: '4282',
  docTypeVersion: '4287',
  docTypeReadVersion: '4285',
  segment: '18538067',
  info: '1549a966',
  timestampScale: '2ad7b1',
  muxingApp: '4d80',
  writingApp: '5741',
  tracks: '1654ae6b',
  trackEntry: 'ae',
  trackNumber: 'd7',
  trackUid: '73c5',
  trackType: '83',
  defaultDuration: '23e383',
  codecId: '86',
  video: 'e0',
  pixelWidth: 'b0',
  pixelHeight: 'ba',
  uncompressedFourCc: '2eb524',
  cluster: '1f43b675',
  timestamp: 'e7',
  simpleBlock: 'a3',
} as const;

/** Eight-byte size of an element: wasteful for small ones, but its length never changes. */
function sizeField(bytes: number): Buffer {
  const field = Buffer.alloc(8);
  field.writeBigUInt64BE(BigInt(bytes) | (1n << 56n));
  return field;
}

function element(id: string, ...content: Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from(id, 'hex'), sizeField(length), ...content]);
}

function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.round(value)));
  return bytes;
}

const text = (value: string): Buffer => Buffer.from(value, 'latin1');

export interface RawTrack {
  readonly width: number;
  readonly height: number;
  /** Average, for rate control; time stamps are the frames' own. */
  readonly fps: number;
  /** 8, or 10 for samples of 16 bits of which the lower 10 are used, little end first. */
  readonly bitDepth: 8 | 10;
  /** True where a plane of alpha, one byte a pixel, comes behind those of the picture; with 8 bits only. */
  readonly alpha?: boolean;
}

/** ffmpeg's codes for planar 4:2:0. */
const FOURCC = { 8: 'I420', 10: 'Y3\x0b\x0a', alpha: 'Y4\x0b\x08' } as const;

/** Bytes of a frame of a track. */
export const rawFrameBytes = ({ width, height, bitDepth, alpha = false }: RawTrack): number =>
  ((width * height * 3) / 2) * (bitDepth === 8 ? 1 : 2) + (alpha ? width * height : 0);

/** What comes before the first frame of a planar 4:2:0 track. */
export function matroskaHeader(track: RawTrack): Buffer {
  const header = element(
    ID.ebml,
    element(ID.ebmlVersion, unsigned(1)),
    element(ID.ebmlReadVersion, unsigned(1)),
    element(ID.ebmlMaxIdLength, unsigned(4)),
    element(ID.ebmlMaxSizeLength, unsigned(8)),
    element(ID.docType, text('matroska')),
    element(ID.docTypeVersion, unsigned(4)),
    element(ID.docTypeReadVersion, unsigned(2)),
  );
  const info = element(
    ID.info,
    element(ID.timestampScale, unsigned(TICK_NANOSECONDS)),
    element(ID.muxingApp, text('facefusion')),
    element(ID.writingApp, text('facefusion')),
  );
  const entry = element(
    ID.trackEntry,
    element(ID.trackNumber, unsigned(1)),
    element(ID.trackUid, unsigned(1)),
    element(ID.trackType, unsigned(TRACK_TYPE_VIDEO)),
    element(ID.defaultDuration, unsigned(1e9 / track.fps)),
    element(ID.codecId, text('V_UNCOMPRESSED')),
    element(
      ID.video,
      element(ID.pixelWidth, unsigned(track.width)),
      element(ID.pixelHeight, unsigned(track.height)),
      element(ID.uncompressedFourCc, text(FOURCC[track.alpha ? 'alpha' : track.bitDepth])),
    ),
  );
  return Buffer.concat([header, Buffer.from(ID.segment, 'hex'), UNKNOWN_SIZE, info, element(ID.tracks, entry)]);
}

export interface FrameHeader {
  /** Bytes to send before the pixels of a frame; the same buffer each time, valid until the next call. */
  at(microseconds: number): Buffer;
}

/** One cluster with one block a frame: its head differs by the time stamp only, and so is made once. */
export function createFrameHeader(frameBytes: number): FrameHeader {
  const time = element(ID.timestamp, unsigned(0));
  const block = Buffer.concat([
    Buffer.from(ID.simpleBlock, 'hex'),
    sizeField(BLOCK_HEAD.length + frameBytes),
    BLOCK_HEAD,
  ]);
  const cluster = Buffer.concat([Buffer.from(ID.cluster, 'hex'), sizeField(time.length + block.length + frameBytes)]);
  const header = Buffer.concat([cluster, time, block]);
  const timeOffset = cluster.length + time.length - 8;
  return {
    at(microseconds) {
      header.writeBigUInt64BE(BigInt(microseconds), timeOffset);
      return header;
    },
  };
}
