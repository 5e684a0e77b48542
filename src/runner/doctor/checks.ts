import { readFile, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { AppError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format-bytes.ts';
import { VIDEO_ENCODERS } from '../../core/output-options.ts';
import { defaultModelDirectory, openModelStore, type Tensor } from '../../engine/inference/session.ts';
import { type OnnxModelEntry, readManifest } from '../../engine/models/manifest.ts';
import { verifyModelFiles } from '../../engine/models/verify.ts';
import { findFfmpeg } from '../../media/find-ffmpeg.ts';
import { workingEncoders } from '../../media/try-encoder.ts';
import { usesHardware } from '../../media/video-encoders.ts';
import { type GpuReading, readGpus } from '../providers/gpu-readings.ts';
import { type Check, ok, warn } from './check.ts';

/** The version in `engines` of package.json. */
const OLDEST_NODE = [20, 19] as const;
/** A ten minute video in high quality, with its `.partial` file. */
const ENOUGH_DISK_BYTES = 2e9;
/** Twice what a 720p video takes. */
const ENOUGH_MEMORY_BYTES = 1.4e9;

export async function checkNode(): Promise<Check> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const text = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (!isOld) {
    const { platform, arch } = process;
    return ok('node', 'node', text, { version: process.versions.node, platform, arch });
  }
  throw new AppError('NODE_TOO_OLD', `Expected Node ${OLDEST_NODE.join('.')} or newer, found ${text}.`, {
    hint: 'Install a newer one: https://nodejs.org/en/download',
  });
}

export async function checkFfmpeg(): Promise<Check> {
  const { version } = await findFfmpeg();
  return ok('ffmpeg', 'ffmpeg', `ffmpeg ${version}`, { version });
}

/** Encoders of hardware are tried: that this ffmpeg has them says nothing about the machine. */
export async function checkEncoders(): Promise<Check> {
  const working = await workingEncoders();
  if (!working.includes(VIDEO_ENCODERS[0])) {
    throw new AppError('ENCODER_UNAVAILABLE', `This ffmpeg lacks ${VIDEO_ENCODERS[0]}, the default video encoder.`, {
      hint: `Install a full build of ffmpeg, or use --output-video-encoder ${working[0] ?? 'of another build'}.`,
    });
  }
  const lacking = VIDEO_ENCODERS.filter((name) => !working.includes(name));
  const absent = lacking.filter((name) => !usesHardware(name));
  const isWithoutDevice = lacking.length > absent.length;
  const list = working.join(', ');
  const text = `${list}${isWithoutDevice ? '; no device for others' : ''}`;
  if (absent.length === 0) {
    return ok('encoders', isWithoutDevice ? 'encoders-without-device' : 'encoders', text, { working: list });
  }
  const missing = absent.join(', ');
  const said = `${text}; without ${missing}`;
  return warn('encoders', 'encoders-absent', said, 'Install a full build of ffmpeg.', {
    working: list,
    absent: missing,
  });
}

export async function checkModels(): Promise<Check> {
  const directory = defaultModelDirectory();
  const verified = await verifyModelFiles(directory, await readManifest(directory));
  const bad = verified.filter(({ status }) => status !== 'ok');
  if (bad.length > 0) {
    const names = bad.map(({ entry, status }) => `${entry.file} (${status})`).join(', ');
    throw new AppError('MODEL_CORRUPT', `Model files are missing or damaged: ${names}.`, {
      hint: 'In a clone: npm run build:models. Elsewhere: install the package again.',
    });
  }
  const bytes = verified.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const files = verified.length;
  const said = `${files} files, ${formatBytes(bytes)}, every sha256 as in the manifest`;
  return ok('models', 'models', said, { files, totalBytes: bytes });
}

/** Loads ONNX Runtime and runs the smallest model once: a library that loads may still fail to compute. */
export async function checkOnnxRuntime(): Promise<Check> {
  await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  const smallest = store.manifest.models
    .filter((model) => model.kind === 'onnx')
    .filter(hasFixedInputs)
    .sort((a, b) => a.bytes - b.bytes)[0];
  if (smallest === undefined) throw new AppError('MODEL_NOT_FOUND', 'The manifest lists no model that can be tried.');
  const session = await store.session(smallest.id);
  const feeds = Object.fromEntries(smallest.inputs.map(({ name, shape }) => [name, zeros(shape.map(Number))]));
  const start = performance.now();
  const outputs = await session.run(feeds);
  const milliseconds = performance.now() - start;
  const isSound = Object.values(outputs).every((tensor) => tensor.data.every(Number.isFinite));
  if (!isSound) throw new AppError('INFERENCE_FAILED', `${smallest.id} gave values that are no numbers.`);
  const said = `cpu ran ${smallest.id} once in ${milliseconds.toFixed(1)} ms`;
  return ok('onnxruntime', 'onnxruntime', said, { model: smallest.id, milliseconds });
}

const hasFixedInputs = (model: OnnxModelEntry): boolean =>
  model.inputs.every(({ shape }) => shape.every((size) => typeof size === 'number'));

const zeros = (dims: readonly number[]): Tensor => ({
  data: new Float32Array(dims.reduce((product, size) => product * size, 1)),
  dims,
});

export async function checkDisk(): Promise<Check> {
  const { bavail, bsize } = await statfs('.');
  const free = bavail * bsize;
  const text = `${formatBytes(free)} free where you are`;
  const facts = { freeBytes: free };
  return free >= ENOUGH_DISK_BYTES
    ? ok('disk', 'disk', text, facts)
    : warn('disk', 'disk-low', text, 'Long videos need more: free some space.', facts);
}

export async function checkMemory(): Promise<Check> {
  const free = await availableMemory();
  const text = `${formatBytes(free)} of ${formatBytes(totalmem())} free`;
  const facts = { freeBytes: free, totalBytes: totalmem() };
  return free >= ENOUGH_MEMORY_BYTES
    ? ok('memory', 'memory', text, facts)
    : warn('memory', 'memory-low', text, 'Close other programs before working on large videos.', facts);
}

/** GPUs whose memory can be read: those of NVIDIA. That there is none is no fault: everything works on the processor. */
export async function checkGpu(): Promise<Check> {
  const gpus = (await readGpus()) ?? [];
  if (gpus.length === 0) return ok('gpu', 'gpu-none', 'no GPU whose memory can be read (nvidia-smi finds none)');
  const one = ({ index, name, usedBytes, totalBytes }: GpuReading): string =>
    `GPU ${index} ${name}: ${formatBytes(usedBytes)} of ${formatBytes(totalBytes)} used`;
  const sum = (of: (gpu: GpuReading) => number): number => gpus.reduce((all, gpu) => all + of(gpu), 0);
  return ok('gpu', 'gpu', gpus.map(one).join('; '), {
    ...{ names: gpus.map(({ index, name }) => `GPU ${index} ${name}`.trim()).join(', ') },
    ...{ usedBytes: sum(({ usedBytes }) => usedBytes), totalBytes: sum(({ totalBytes }) => totalBytes) },
  });
}

/** Linux counts caches as used in `freemem`; what programs can get stands in /proc/meminfo. */
export async function availableMemory(): Promise<number> {
  if (process.platform !== 'linux') return freemem();
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}
