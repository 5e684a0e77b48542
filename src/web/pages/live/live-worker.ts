/**
 * Camera to service to picture, away from the page: nothing that the page does makes the picture late. In the picture of
 * the result there is never a frame that the service has not worked on; when the line breaks, the last one stays.
 */
import type { Problem } from '../../state/api.ts';
import { Capture } from './capture.ts';
import type { KeptMessage } from './live-kept.ts';
import type { FromWorker, LiveSettings, ToWorker } from './live-messages.ts';
import { readAnswer, writeHeader } from './live-packet.ts';
import { LiveCounter } from './live-stats.ts';
import { Screen } from './screen.ts';

/** Frames on their way at once. A third one makes no more frames a second where cores are busy, and each half as old again. */
const IN_FLIGHT = 2;
const STATS_MS = 500;

const say = (message: FromWorker): void => postMessage(message);

let settings: LiveSettings;
let screen: Screen;
let socket: WebSocket | undefined;
let isReady = false;
let sequence = 0;
/** What was sent and has not come back, by sequence number. */
const inFlight = new Map<number, Uint8Array<ArrayBuffer>>();
const capture = new Capture();
const counter = new LiveCounter();
let isPacking = false;

/** @param frame closed here */
async function take(frame: VideoFrame | ImageBitmap): Promise<void> {
  const capturedAt = performance.now();
  counter.captured(capturedAt);
  try {
    if (!isReady || !socket || isPacking || inFlight.size >= IN_FLIGHT) return;
    isPacking = true;
    const { source, width, height } = settings;
    const { packet, colour } = await capture.pack(frame, settings);
    if (!isReady) return;
    writeHeader(packet, { source, width, height, sequence, capturedAt, colour });
    socket.send(packet);
    inFlight.set(sequence, packet);
    sequence = (sequence + 1) >>> 0;
  } finally {
    isPacking = false;
    frame.close();
  }
}

async function readCamera(frames: ReadableStream<VideoFrame>): Promise<void> {
  const reader = frames.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    // Not awaited: those that come meanwhile are dropped at once, and none grows old in a queue.
    void take(value);
  }
  say({ type: 'camera-ended' });
}

function show(packet: ArrayBuffer): void {
  const answer = readAnswer(packet);
  const original = inFlight.get(answer.sequence);
  let overtaken = 0;
  // In the order in which they were sent.
  for (const sent of inFlight.keys()) {
    inFlight.delete(sent);
    if (sent === answer.sequence) break;
    overtaken++;
  }
  counter.dropped(overtaken);
  screen.show(answer, original, settings);
  const now = performance.now();
  counter.shown(now, now - answer.capturedAt, answer);
}

/** Texts of the service; the last word is `end`. */
type Text =
  | { readonly type: 'ready'; readonly job: string }
  | KeptMessage
  | { readonly type: 'end'; readonly problem?: Problem; readonly job?: string };

function connect(url: string, protocols: readonly string[]): void {
  socket?.close();
  const own = new WebSocket(url, [...protocols]);
  own.binaryType = 'arraybuffer';
  socket = own;
  isReady = false;
  inFlight.clear();
  let end: Extract<Text, { type: 'end' }> | undefined;
  own.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (own !== socket) return;
    if (typeof data !== 'string') {
      show(data);
      return;
    }
    const message = JSON.parse(data) as Text;
    if (message.type === 'end') {
      end = message;
    } else if (message.type === 'ready') {
      isReady = true;
      say(message);
    } else {
      say({ type: 'heard', message });
    }
  };
  own.onclose = () => {
    if (own !== socket) return;
    socket = undefined;
    isReady = false;
    inFlight.clear();
    say({ type: 'closed', problem: end?.problem, isOver: end !== undefined, job: end?.job });
  };
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case 'start':
      settings = data.settings;
      screen = new Screen(data.canvas);
      if (data.frames) void readCamera(data.frames);
      setInterval(() => say({ type: 'stats', stats: counter.stats(performance.now()) }), STATS_MS);
      break;
    case 'frame':
      void take(data.frame);
      break;
    case 'settings':
      settings = data.settings;
      break;
    case 'connect':
      connect(data.url, data.protocols);
      break;
    case 'ask':
      if (isReady) socket?.send(JSON.stringify({ type: data.what }));
      break;
    case 'hang-up':
      if (!socket) say({ type: 'closed', problem: undefined, isOver: false, job: undefined });
      else if (isReady) socket.send(JSON.stringify({ type: 'stop' }));
      else socket.close(1000);
      isReady = false;
      break;
  }
});
