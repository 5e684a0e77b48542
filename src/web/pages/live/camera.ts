/** Cameras of this machine, and what may keep the page from them. */

/** Frames as a stream: https://w3c.github.io/mediacapture-transform/ – no part of TypeScript's library yet. */
declare class MediaStreamTrackProcessor {
  constructor(init: { readonly track: MediaStreamTrack; readonly maxBufferSize?: number });
  readonly readable: ReadableStream<VideoFrame>;
}

/** `insecure`: browsers give cameras to pages of this machine and to https only. */
export type CameraProblem = 'denied' | 'none' | 'busy' | 'insecure' | 'unplugged' | 'failed';

export interface CameraChoice {
  /** Undefined: the one that the browser prefers. */
  readonly deviceId: string | undefined;
  readonly width: number;
  readonly height: number;
}

export interface Camera {
  readonly id: string;
  /** Empty until the page may use one. */
  readonly label: string;
}

const PROBLEMS: Readonly<Record<string, CameraProblem>> = {
  ...{ NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'none', OverconstrainedError: 'none' },
  ...{ NotReadableError: 'busy', AbortError: 'busy' },
};

/** Why there is no camera. */
export const problemOf = (error: unknown): CameraProblem =>
  (error instanceof DOMException && PROBLEMS[error.name]) || 'failed';

export const canUseCameras = (): boolean => navigator.mediaDevices !== undefined;

/** @throws DOMException; see `problemOf` */
export const openCamera = ({ deviceId, width, height }: CameraChoice): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {
      ...{ width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30 } },
      ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
    },
  });

export async function listCameras(): Promise<readonly Camera[]> {
  if (!canUseCameras()) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** @returns the stream of frames, where the browser has such */
export function framesOf(track: MediaStreamTrack): ReadableStream<VideoFrame> | undefined {
  if (typeof MediaStreamTrackProcessor === 'undefined') return undefined;
  return new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable;
}

/** Gives frames one by one. @returns ends it */
export function watchFrames(stream: MediaStream, onFrame: (frame: ImageBitmap) => void): () => void {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  let isOver = false;
  const next = (): void => {
    if (isOver) return;
    void createImageBitmap(video).then((frame) => (isOver ? frame.close() : onFrame(frame)));
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
  void video.play();
  return () => {
    isOver = true;
    video.srcObject = null;
  };
}
