import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ffmpegFailure } from '../ffmpeg-process.ts';
import { startFrameSink } from './frame-sink.ts';
import { startFrameSource } from './frame-source.ts';

// Any program with the same pipes does for ffmpeg here; what ffmpeg itself does is tested with the reader and the writer.
const MEGABYTE = 1 << 20;
/** Far more than pipes hold by themselves. */
const FRAME_BYTES = 2 * MEGABYTE;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facefusion-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const shell = (script: string) => ({ binary: 'sh', args: ['-c', script] });

/** Two frames and then nothing, after another command. */
const endless = (before: string) => ({
  ...shell(`${before}
    printf 'frame:0 pts:0\\nframe:1 pts:1\\n' >&3
    head -c ${2 * FRAME_BYTES} /dev/zero
    exec sleep 600`),
  frameBytes: FRAME_BYTES,
});

/** Blocks this thread, as a network does, until something is so. */
function blockUntil(isSo: () => boolean): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; !isSo(); tries++) {
    if (tries === 3000) throw new Error('It did not happen while this thread was blocked.');
    Atomics.wait(clock, 0, 0, 10);
  }
}

/** A zombie has no command line any more. */
function isAlive(processId: number): boolean {
  try {
    return readFileSync(`/proc/${processId}/cmdline`).length > 0;
  } catch {
    return false;
  }
}

/** The thread that starts with the next ffmpeg, if it does. */
function nextThread(): Promise<Worker> {
  return new Promise((resolve) => process.once('worker', resolve));
}

/** Ends an idle thread without waiting for its time. */
async function endIdleThread(): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const sink = startFrameSink(shell('cat > /dev/null'));
  sink.end();
  await sink.process.exited;
  vi.advanceTimersByTime(60_000);
  vi.useRealTimers();
}

describe('while the program is blocked', () => {
  it('frames are read', async () => {
    const done = join(folder, 'read');
    const source = startFrameSource({
      ...shell(`head -c ${3 * FRAME_BYTES} /dev/zero; touch ${done}`),
      frameBytes: FRAME_BYTES,
      bufferCount: 3,
    });
    blockUntil(() => existsSync(done));
    for (let frame = 0; frame < 3; frame++) expect((await source.next())?.data.length).toBe(FRAME_BYTES);
    expect(await source.next()).toBeUndefined();
    expect(await source.process.exited).toEqual({ code: 0, signal: null });
  });

  it('frames are written', async () => {
    const file = join(folder, 'written');
    const sink = startFrameSink(shell(`cat > ${file}`));
    const sent = sink.send([new Uint8Array(new SharedArrayBuffer(FRAME_BYTES))]);
    blockUntil(() => existsSync(file) && statSync(file).size === FRAME_BYTES);
    expect(await sent).toBe(true);
    sink.end();
    expect(await sink.process.exited).toEqual({ code: 0, signal: null });
  });
});

describe('frames', () => {
  it('arrive in order, whole, from shared memory or not, and from the middle of it', async () => {
    const file = join(folder, 'order');
    const sink = startFrameSink(shell(`cat > ${file}`));
    const shared = new Uint8Array(new SharedArrayBuffer(3 * MEGABYTE)).fill(1);
    shared.fill(2, MEGABYTE, 2 * MEGABYTE);
    const own = new Uint8Array(MEGABYTE).fill(3);
    const header = Buffer.from('header');
    const sent = [sink.send([header, shared.subarray(MEGABYTE, 2 * MEGABYTE)]), sink.send([header, own])];
    // What is not shared may be used again at once.
    own.fill(9);
    header.fill(9);
    expect(await Promise.all(sent)).toEqual([true, true]);
    sink.end();
    await sink.process.exited;
    const expected = [
      Buffer.from('header'),
      Buffer.alloc(MEGABYTE, 2),
      Buffer.from('header'),
      Buffer.alloc(MEGABYTE, 3),
    ];
    expect(Buffer.compare(readFileSync(file), Buffer.concat(expected))).toBe(0);
  });

  it('use no more buffers than are allowed, and bring their times', async () => {
    const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const source = startFrameSource({
      ...shell(`for i in ${digits.join(' ')}; do echo "frame:$i pts:"$i"500000 x" >&3; printf "$i$i$i$i"; done`),
      frameBytes: 4,
      bufferCount: 2,
    });
    const buffers = new Set<ArrayBufferLike>();
    const seen: string[] = [];
    for (let frame = await source.next(); frame; frame = await source.next()) {
      buffers.add(frame.data.buffer);
      seen.push(`${Buffer.from(frame.data).toString()} ${frame.seconds}`);
      source.recycle(frame.data);
    }
    expect(seen).toEqual(digits.map((digit) => `${String(digit).repeat(4)} ${digit}.5`));
    expect(buffers.size).toBeLessThanOrEqual(2);
  });

  it('are refused by a program that has closed its input, whatever it was sent before', async () => {
    const sink = startFrameSink(shell('exec <&-; echo "No space left on device" >&2; exit 3'));
    const frame = new Uint8Array(new SharedArrayBuffer(FRAME_BYTES));
    expect(await Promise.all([sink.send([frame]), sink.send([frame])])).toEqual([false, false]);
    expect(await sink.process.exited).toEqual({ code: 3, signal: null });
    expect(sink.process.stderrTail()).toBe('No space left on device');
    expect(await sink.send([frame])).toBe(false);
  });
});

describe('endings', () => {
  it('tells of a program that cannot be started', async () => {
    const binary = join(folder, 'no-ffmpeg');
    const source = startFrameSource({ binary, args: [], frameBytes: 4, bufferCount: 2 });
    expect(await source.next()).toBeUndefined();
    const error = ffmpegFailure(await source.process.exited, source.process.stderrTail(), 'decoding');
    expect(error).toMatchObject({ code: 'FFMPEG_NOT_FOUND', message: expect.stringContaining('ENOENT') });
    expect(source.process.processId).toBeUndefined();
    const sink = startFrameSink({ binary, args: [] });
    expect(await sink.send([new Uint8Array(4)])).toBe(false);
    expect((await sink.process.exited).spawnError?.message).toContain('ENOENT');
  });

  it('ends a program by its signal, with unread frames, and kills one that does not listen', async () => {
    for (const [script, signal] of [
      ['', 'SIGTERM'],
      [`trap '' TERM`, 'SIGKILL'],
    ] as const) {
      const abort = new AbortController();
      const source = startFrameSource({ ...endless(script), bufferCount: 2, signal: abort.signal });
      await source.next();
      abort.abort();
      expect(await source.process.exited).toEqual({ code: null, signal });
      expect(source.process.stopped).toBe(true);
    }
  });

  it('fails what a lost thread served, leaves no program behind, and starts anew', async () => {
    await endIdleThread();
    const starting = nextThread();
    const source = startFrameSource({ ...endless(''), bufferCount: 2 });
    const sink = startFrameSink({ binary: 'sleep', args: ['600'] });
    const thread = await starting;
    await source.next();
    await source.next();
    const unanswered = [source.next(), sink.send([new Uint8Array(new SharedArrayBuffer(FRAME_BYTES))])];
    const ids = [source.process.processId!, sink.process.processId!];
    expect(ids.map(isAlive)).toEqual([true, true]);
    await thread.terminate();
    expect(await Promise.all(unanswered)).toEqual([undefined, false]);
    for (const { process } of [source, sink]) {
      const error = ffmpegFailure(await process.exited, process.stderrTail(), 'decoding');
      expect(error).toMatchObject({ code: 'FFMPEG_FAILED', message: expect.stringContaining('thread') });
    }
    await vi.waitFor(() => expect(ids.map(isAlive)).toEqual([false, false]));
    const next = startFrameSource({ ...shell('printf 1234'), frameBytes: 4, bufferCount: 2 });
    expect(Buffer.from((await next.next())!.data).toString()).toBe('1234');
    await next.process.stop();
  });

  it('says why a thread was lost: a frame that no memory can hold', async () => {
    const source = startFrameSource({ ...shell('printf 1234'), frameBytes: 2 ** 52, bufferCount: 1 });
    expect(await source.next()).toBeUndefined();
    await source.process.exited;
    expect(source.process.stderrTail()).toContain('allocation failed');
  });

  it('ends an idle thread', async () => {
    await endIdleThread();
    const starting = nextThread();
    const sink = startFrameSink(shell('cat > /dev/null'));
    const ended = once(await starting, 'exit');
    sink.end();
    await sink.process.exited;
    await endIdleThread();
    expect(await ended).toEqual([0]);
  });

  it.each([
    ['ends by itself', 'sink.end(); await sink.process.exited;'],
    ['calls exit', 'process.stdout.write("", () => process.exit());'],
  ])('leaves nothing running when the program %s', async (_, ending) => {
    const code = `
      import { startFrameSink } from ${JSON.stringify(new URL('./frame-sink.ts', import.meta.url).href)};
      const sink = startFrameSink({ binary: 'sh', args: ['-c', 'read line; sleep 600 & read line || kill $!'] });
      await sink.send([Buffer.from('\\n')]);
      console.log(sink.process.processId);
      ${ending}`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', code];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    await vi.waitFor(() => expect(isAlive(Number(stdout))).toBe(false));
  });
});
