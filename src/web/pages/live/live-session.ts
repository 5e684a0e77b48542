/** The live session of this tab: camera, worker and service, and what went wrong with any of them. */
import { computed, effect, signal } from '@preact/signals';
import { ApiError, api, ask } from '../../state/api.ts';
import { project, type Source } from '../../state/document.ts';
import { ownError } from '../../state/error-words.ts';
import { isLiveNow, isSnapping, recording } from '../../state/live-now.ts';
import { consentOpen } from '../../state/start.ts';
import {
  type CameraProblem,
  canUseCameras,
  framesOf,
  listCameras,
  openCamera,
  problemOf,
  watchFrames,
} from './camera.ts';
import {
  cameraId,
  cameras,
  hasEnhancer,
  isMirrored,
  livePreset,
  liveSize,
  liveSource,
  liveView,
  maskBlur,
  measured,
  sizeOf,
  splitAt,
} from './live-choices.ts';
import { findRecording, hearKept } from './live-kept.ts';
import type { FromWorker, LiveSettings, LiveStats, ToWorker } from './live-messages.ts';

/** `ended`: it was stopped, or stopped itself; why is in `liveProblem`. */
export type Phase = 'idle' | 'camera' | 'connecting' | 'live' | 'reconnecting';

export const phase = signal<Phase>('idle');
export const cameraProblem = signal<CameraProblem | undefined>(undefined);
/** What the service refused, or how it failed. */
export const liveError = signal<unknown>(undefined);
export const stats = signal<LiveStats | undefined>(undefined);
/** Of the session that has ended: what the mark of its frames says. */
export const lastJob = signal<string | undefined>(undefined);
/** Frames shown in each second of the last minute. */
export const rates = signal<readonly number[]>([]);
export const isRunning = computed(() => phase.value !== 'idle');
effect(() => {
  isLiveNow.value = phase.value === 'live';
  // What was asked of a line that is gone will not be answered.
  if (!isLiveNow.value) isSnapping.value = false;
});

const RATES_SHOWN = 60;
/** Persons and photos of one session, as the API takes them. */
const MOST_PERSONS = 8;
const MOST_PHOTOS = 16;
/** Milliseconds before the line is tried again; the last goes on. */
const AGAIN_MS = [500, 1000, 2000, 4000] as const;

/** For the last word of the service; it has more to do while something is recorded. */
const LAST_WORD_MS = 3000;
const LAST_FILE_MS = 60_000;
/** While a slider moves, nothing begins. */
const SETTLE_MS = 500;

interface Running {
  readonly worker: Worker;
  readonly stream: MediaStream;
  readonly endFrames: () => void;
  readonly unfollow: () => void;
}
let running: Running | undefined;
/** Of the session before. */
let closing: Promise<void> = Promise.resolve();
/** What the frames of the session are marked with. */
let job = '';
let tries = 0;
let timer = 0;
/** What the session that goes on was asked with. */
let asked = '';
/** The canvas of the page; each can be given away once. */
let canvas: HTMLCanvasElement | undefined;
export const useCanvas = (element: HTMLCanvasElement | null): void => {
  canvas = element ?? undefined;
};
/** Counted up for a new canvas. */
export const canvasNumber = signal(0);

export const liveSources = computed<readonly Source[]>(() => project.value.value.sources.slice(0, MOST_PERSONS));

const settings = computed<LiveSettings>(() => ({
  source: Math.max(
    0,
    liveSources.value.findIndex(({ id }) => id === liveSource.value),
  ),
  mirror: isMirrored.value,
  view: liveView.value,
  split: splitAt.value,
  ...sizeOf(liveSize.value),
}));

const request = computed(() => ({
  sources: liveSources.value.map(({ assets }) => ({ photos: assets.slice(0, MOST_PHOTOS) })),
  processors: hasEnhancer.value ? (['face_swapper', 'face_enhancer'] as const).slice() : ['face_swapper' as const],
  options: { preset: livePreset.value, faceMaskBlur: maskBlur.value },
}));

const tell = (message: ToWorker, transfer: Transferable[] = []): void => running?.worker.postMessage(message, transfer);

/** Opens the camera and begins; asks who agreed where it was not asked yet. */
export async function startLive(): Promise<void> {
  if (isRunning.value || liveSources.value.length === 0) return;
  if (project.value.value.consent === undefined) {
    consentOpen.value = true;
    return;
  }
  cameraProblem.value = undefined;
  liveError.value = undefined;
  lastJob.value = undefined;
  rates.value = [];
  stats.value = undefined;
  if (!canUseCameras()) {
    cameraProblem.value = 'insecure';
    return;
  }
  phase.value = 'camera';
  try {
    // There may be room for one only: that of before goes first.
    await closing;
    await begin();
  } catch (error) {
    endAll();
    cameraProblem.value = problemOf(error);
    return;
  }
  await connect();
}

async function begin(): Promise<void> {
  const stream = await openCamera({ deviceId: cameraId.value, ...sizeOf(liveSize.value) });
  void listCameras().then((found) => {
    cameras.value = found;
  });
  const [track] = stream.getVideoTracks();
  if (!track || !canvas || phase.value !== 'camera') {
    for (const one of stream.getTracks()) one.stop();
    throw new DOMException('There is no picture.', 'NotFoundError');
  }
  track.addEventListener('ended', cameraEnded);
  const worker = new Worker(new URL('./live-worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
  worker.onerror = () => {
    endAll();
    liveError.value = ownError('OFFLINE');
  };
  const frames = framesOf(track);
  const offscreen = canvas.transferControlToOffscreen();
  let endFrames = (): void => {};
  running = {
    worker,
    stream,
    endFrames: () => endFrames(),
    unfollow: effect(() => tell({ type: 'settings', settings: settings.value })),
  };
  tell(
    { type: 'start', canvas: offscreen, settings: settings.value, frames },
    frames ? [offscreen, frames] : [offscreen],
  );
  if (!frames) endFrames = watchFrames(stream, (frame) => tell({ type: 'frame', frame }, [frame]));
}

function cameraEnded(): void {
  if (!isRunning.value) return;
  stopLive();
  cameraProblem.value = 'unplugged';
}

/** Asks for a session, and has the worker connect to it. */
async function connect(): Promise<void> {
  if (phase.value !== 'reconnecting') phase.value = 'connecting';
  const body = request.value;
  asked = JSON.stringify(body);
  try {
    const { socketUrl, protocols } = await ask(api().POST('/v1/live', { body }));
    if (!running) return;
    const url = new URL(socketUrl, location.origin);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    tell({ type: 'connect', url: url.href, protocols });
  } catch (error) {
    if (!running) return;
    // A service that is gone comes back; what it refuses it would refuse again.
    if (!(error instanceof ApiError) || (phase.value === 'reconnecting' && error.status === 503)) again();
    else fail(error);
  }
}

function again(): void {
  phase.value = 'reconnecting';
  const wait = AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)];
  clearTimeout(timer);
  timer = window.setTimeout(() => void connect(), wait);
}

/** The line is gone on which the service would say what became of it. */
function leaveRecording(): void {
  const { state } = recording.value;
  if (state === 'on' || state === 'finishing') void findRecording(job);
  else recording.value = { state: 'off' };
}

/** The picture that was shown last goes: it is of nobody any more. */
function fail(error: unknown): void {
  endAll();
  liveError.value = error;
}

function hear(message: FromWorker): void {
  switch (message.type) {
    case 'ready':
      phase.value = 'live';
      job = message.job;
      tries = 0;
      break;
    case 'stats':
      note(message.stats);
      break;
    case 'heard':
      hearKept(message.message);
      break;
    case 'camera-ended':
      cameraEnded();
      break;
    case 'closed':
      if (!running) break;
      leaveRecording();
      if (isRenewing) {
        isRenewing = false;
        void connect();
      } else if (message.problem && message.problem.status !== 503) fail(new ApiError(message.problem));
      else again();
      break;
  }
}

let halves = 0;
function note(next: LiveStats): void {
  stats.value = next;
  // They come twice a second.
  if (phase.value !== 'live' || halves++ % 2 > 0) return;
  rates.value = [...rates.value, next.fps].slice(-RATES_SHOWN);
  if (!hasEnhancer.value && next.fps > 0) measured.value = { ...measured.value, [livePreset.value]: next.fps };
}

function endAll(): void {
  clearTimeout(timer);
  tries = 0;
  isRenewing = false;
  const ending = running;
  running = undefined;
  phase.value = 'idle';
  canvasNumber.value++;
  if (!ending) return;
  ending.unfollow();
  ending.endFrames();
  for (const track of ending.stream.getTracks()) track.stop();
  closing = hangUp(ending.worker);
}

/** The service hears of it, and has its last word, unless it takes too long. */
async function hangUp(worker: Worker): Promise<void> {
  const isRecording = recording.value.state !== 'off';
  if (isRecording) recording.value = { state: 'finishing' };
  await new Promise<void>((resolve) => {
    const patience = window.setTimeout(resolve, isRecording ? LAST_FILE_MS : LAST_WORD_MS);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === 'heard') hearKept(data.message);
      if (data.type !== 'closed') return;
      if (data.job !== undefined) lastJob.value = data.job;
      clearTimeout(patience);
      resolve();
    };
    worker.postMessage({ type: 'hang-up' } satisfies ToWorker);
  });
  worker.terminate();
  leaveRecording();
}

export const toggleLive = async (): Promise<void> => (isRunning.value ? stopLive() : untilThere().then(startLive));

/** The page with its canvas may be on its way. */
async function untilThere(): Promise<void> {
  while (!canvas) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Asks for the next picture as a file. */
export function takeSnapshot(): void {
  if (phase.value !== 'live' || isSnapping.value) return;
  isSnapping.value = true;
  tell({ type: 'ask', what: 'snapshot' });
}

/** Begins a recording, or completes the one that goes on. */
export function toggleRecording(): void {
  if (phase.value !== 'live') return;
  if (recording.value.state === 'off') {
    recording.value = { state: 'asked' };
    tell({ type: 'ask', what: 'record' });
  } else if (recording.value.state === 'on') {
    recording.value = { state: 'finishing' };
    tell({ type: 'ask', what: 'stop-recording' });
  }
}

/** Gives the camera back and ends the session. */
export function stopLive(): void {
  endAll();
  liveError.value = undefined;
}

/** Takes another camera or size while it goes on. */
export async function restartCamera(): Promise<void> {
  if (!isRunning.value) return;
  endAll();
  await startLive();
}

let settling = 0;
/** True while the session before is ended, for which there may be the only place. */
let isRenewing = false;

/** The service has its last word first, also of a recording. */
function renew(): void {
  isRenewing = true;
  phase.value = 'connecting';
  if (recording.value.state !== 'off') recording.value = { state: 'finishing' };
  tell({ type: 'hang-up' });
}

function follow(): void {
  if (!running || JSON.stringify(request.value) === asked || liveSources.value.length === 0) return;
  if (phase.value === 'live') renew();
  // What is under way may have been asked with other choices.
  else settling = window.setTimeout(follow, SETTLE_MS);
}

/** Other people, another quality: the session begins anew with them, and the last picture stays meanwhile. @returns ends this */
export function followChoices(): () => void {
  const stops = [
    effect(() => {
      void request.value;
      clearTimeout(settling);
      settling = window.setTimeout(follow, SETTLE_MS);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    clearTimeout(settling);
    stopLive();
  };
}
