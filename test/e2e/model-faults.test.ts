/** Models of the user's that fail in the middle of a video, and runs that end before they begin. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessOptions } from '../../src/core/options.ts';
import { processImage, processVideo } from '../../src/runner/process.ts';
import { runInChild } from '../../src/runner/runner-client.ts';
import { hungrySwapper, slowSwapper, spoiltSwapper } from '../helpers/fault-onnx.ts';
import { ffmpeg, refusal } from '../helpers/make-media.ts';
import { countVideoFrames, createRunFolder, type RunFolder } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { writeUserModels } from '../helpers/user-model-folder.ts';

const MODEL = 'uniface_256';
/** Frames 12 to 17 of 30 are bright. */
const FRAMES = 30;
const BRIGHT = { from: 12, to: 17 };
/** Between the means of the face in dark and in bright frames, -1..1. */
const THRESHOLD = 0.25;

let folder: RunFolder;
let target: string;
/** The four women, small. */
let women: string;
beforeAll(async () => {
  folder = createRunFolder();
  target = folder.at('target.mp4');
  women = folder.at('women.png');
  await sharp(samplePhotoPath(6)).resize(900).png().toFile(women);
  const between = `between(n,${BRIGHT.from},${BRIGHT.to})`;
  await ffmpeg(
    ...['-i', sampleVideoPath('cap12_edit'), '-an', '-frames:v', String(FRAMES)],
    ...['-vf', `lutyuv=y='min(val*1.6,235)':enable='${between}'`, '-crf', '10', target],
  );
});
afterAll(() => folder.remove());

async function options(name: string, bytes: Uint8Array, more: Partial<ProcessOptions> = {}): Promise<ProcessOptions> {
  const modelFolder = await writeUserModels(folder.at(`models-${name}`), [{ id: MODEL, bytes }]);
  return {
    ...{ sourcePaths: [women], targetPath: target, outputPath: folder.at(`${name}.mp4`) },
    ...{ modelFolder, licensePolicy: 'any', faceSwapperModel: MODEL, faceSelectorMode: 'many', videoChunkSize: 10 },
    ...more,
  };
}

/** Mean luma of each frame in the middle, where the face is. */
async function lumaOf(path: string): Promise<number[]> {
  const raw = folder.at('luma.raw');
  await ffmpeg('-i', path, '-vf', 'crop=60:60:170:120,scale=1:1:flags=area,format=gray', '-f', 'rawvideo', raw);
  return [...readFileSync(raw)];
}

describe('a model that gives NaN for some frames', () => {
  it('leaves those as they came, counts them and says so', async () => {
    const result = await processVideo(await options('spoilt', spoiltSwapper(THRESHOLD)));
    const bright = BRIGHT.to - BRIGHT.from + 1;
    expect(result.frames).toMatchObject({
      ...{ total: FRAMES, changed: FRAMES - bright, leftAlone: { 'invalid-output': bright } },
    });
    const note = result.notes.find(({ code }) => code === 'invalid-output');
    expect(note?.message).toContain(`${bright} of ${FRAMES} frames`);
    expect(result.providers).toEqual(['cpu']);
    const before = await lumaOf(target);
    const after = await lumaOf(result.outputPath);
    for (let frame = 0; frame < FRAMES; frame++) {
      const change = Math.abs(after[frame]! - before[frame]!);
      if (frame >= BRIGHT.from && frame <= BRIGHT.to) expect(change, `frame ${frame}`).toBeLessThan(4);
      else expect(change, `frame ${frame}`).toBeGreaterThan(10);
    }
  });

  it('is an error for a photo in which nothing else was changed, and nothing is written', async () => {
    const outputPath = folder.at('photo.png');
    const run = await options('photo', spoiltSwapper(-1.1), { targetPath: women, outputPath });
    const error = await refusal(processImage(run));
    expect(error.code).toBe('TARGET_NO_FACE');
    expect(error.message).toContain('NaN or infinity');
    expect(error.hint).toContain('another model');
    expect(existsSync(outputPath)).toBe(false);
  });
});

/** Ends the runner that this process has started. */
function killRunner(): void {
  const tasks = readdirSync(`/proc/${process.pid}/task`);
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/${process.pid}/task/${task}/children`, 'utf8').trim().split(/\s+/).filter(Boolean),
  );
  const runner = children.find((id) => readFileSync(`/proc/${id}/cmdline`, 'latin1').includes('runner-process'));
  process.kill(Number(runner), 'SIGKILL');
}

describe.runIf(process.platform === 'linux')('a run that dies in the middle of a model', () => {
  it('says what may have been, and goes on after its last whole chunk', async () => {
    const run = await options('killed', slowSwapper());
    let isKilled = false;
    const error = await refusal(
      runInChild(run, {
        onProgress: ({ stage, done }) => {
          // Two chunks are encoded at once at most: in the third, the first is whole. The runner is inside the model for
          // nearly all of the time.
          if (isKilled || stage !== 'process' || done < 22) return;
          isKilled = true;
          killRunner();
        },
      }),
    );
    expect(error).toMatchObject({ code: 'RUNNER_FAILED', retryable: true });
    expect(error.message).toMatch(/SIGKILL.*no memory left/);
    expect(error.hint).toMatch(/after its last whole chunk.*--lite/);
    expect(existsSync(run.outputPath)).toBe(false);
    const result = await runInChild(run);
    expect(result.notes.find(({ code }) => code === 'resumed')?.message).toMatch(/^10 frames|^20 frames/);
    expect(countVideoFrames(run.outputPath)).toBe(FRAMES);
  });
});

describe('a model that runs out of memory in the middle of a video', () => {
  it('ends the run clearly and keeps the chunks before; with another model the command goes its own way', async () => {
    const run = await options('hungry', hungrySwapper(THRESHOLD));
    const error = await refusal(runInChild(run));
    expect(error).toMatchObject({ code: 'INFERENCE_FAILED', exitCode: 6 });
    expect(error.message).toContain(MODEL);
    expect(error.hint).toMatch(/more memory than there is.*are kept/);
    expect(existsSync(run.outputPath)).toBe(false);
    // Not RESUME_MISMATCH: the first chunk is there. Without the bright frames it would have gone on.
    const again = await refusal(runInChild({ ...run, resume: true }));
    expect(again.code).toBe('INFERENCE_FAILED');
    const mended = await options('hungry', spoiltSwapper(THRESHOLD));
    const result = await runInChild(mended);
    expect(result.notes.map(({ code }) => code)).toContain('began-anew');
  });
});

describe('an execution provider that is not here', () => {
  it('ends the run before the target is touched', async () => {
    const outputPath = folder.at('none.mp4');
    const run = await options('none', spoiltSwapper(THRESHOLD), { outputPath, executionProviders: ['xnnpack', 'cpu'] });
    const stages: string[] = [];
    const error = await refusal(runInChild(run, { onProgress: ({ stage }) => stages.push(stage) }));
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', exitCode: 6 });
    expect(stages).toEqual([]);
    expect(folder.list().filter((name) => name.startsWith('none'))).toEqual([]);
  });
});

describe('an order of processors that makes little sense', () => {
  it('is worked off, and told', async () => {
    const outputPath = folder.at('twice.png');
    const bytes = spoiltSwapper(2);
    const processors: ProcessOptions['processors'] = ['face_swapper', 'face_swapper'];
    const run = await options('twice', bytes, { processors, targetPath: women, outputPath });
    const { notes, frames } = await processImage(run);
    expect(frames.changed).toBe(1);
    expect(notes.map(({ code }) => code)).toContain('processor-repeated');
  });
});
