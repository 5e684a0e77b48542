import { mkdirSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../scripts/build-models/onnx-graph.ts';
import { probeVideo } from '../../src/media/probe.ts';
import { readSound, SOUND_RATE } from '../../src/media/sound-source.ts';
import { planRun } from '../../src/runner/plan-run.ts';
import { previewFrame } from '../../src/runner/preview.ts';
import { process as run } from '../../src/runner/process.ts';
import { refusal } from '../helpers/make-media.ts';
import { countVideoFrames, createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { readPhoto, samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { writeUserModels } from '../helpers/user-model-folder.ts';

const folder = createRunFolder();
const photo = folder.at('face.png');
const clip = folder.at('clip.mp4');
/** Silence, and a tone of 2000 Hz from one second on; it is longer than the clip. */
const voice = folder.at('voice.wav');
const FRAMES = 50;

/** White where there is any sound in what it hears, black where there is none. */
function hearingOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const source = graph.input('source', [1, 1, 80, 16]);
  const target = graph.input('target', [1, 6, 96, 96]);
  const loudest = graph.node('ReduceMax', [source], { keepdims: 0 });
  // -4 is silence; what is above -2 is cut to white.
  const light = graph.node('Mul', [graph.node('Add', [loudest, graph.scalar(4)]), graph.scalar(0.5)]);
  const none = graph.node('Mul', [
    graph.node('Slice', [target, graph.int64([0]), graph.int64([3]), graph.int64([1])]),
    graph.scalar(0),
  ]);
  graph.output('output', graph.node('Add', [none, light]), [1, 3, 96, 96]);
  return graph.toBytes();
}

beforeAll(async () => {
  await sharp(samplePhotoPath(1)).extract({ left: 1248, top: 32, width: 640, height: 600 }).png().toFile(photo);
  const picture = [
    '-ss',
    '4',
    '-i',
    sampleVideoPath('cap12_edit'),
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440:duration=2',
  ];
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  ffmpeg(...picture, '-frames:v', String(FRAMES), '-map', '0:v', '-map', '1:a', ...encode, clip);
  ffmpeg('-f', 'lavfi', '-i', "aevalsrc='gte(t,1)*0.5*sin(2*PI*2000*t)':s=44100:d=3", voice);
  ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=300:duration=1', folder.at('other.mp3'));
  ffmpeg('-i', clip, '-c', 'copy', '-an', folder.at('mute.mp4'));
  mkdirSync(folder.at('models'));
  await writeUserModels(folder.at('models'), [{ id: 'wav2lip_96', bytes: hearingOnnx() }]);
});
afterAll(() => folder.remove());

const call = (outputName: string, rest: object = {}) => ({
  ...{ sourcePaths: [voice], targetPath: clip, outputPath: folder.at(outputName) },
  ...{ processors: ['lip_syncer'], lipSyncerModel: 'wav2lip_96', faceSelectorMode: 'many' },
  ...{ modelFolder: folder.at('models'), licensePolicy: 'any' },
  ...rest,
});

/** Loudness of a tone in a part of a file's sound, as an amplitude. */
async function toneIn(path: string, hertz: number, from: number, to: number): Promise<number> {
  const samples = await readSound(path);
  let [real, imaginary] = [0, 0];
  const [first, last] = [Math.round(from * SOUND_RATE), Math.round(to * SOUND_RATE)];
  for (let n = first; n < last; n++) {
    const angle = (2 * Math.PI * hertz * n) / SOUND_RATE;
    real += ((samples[2 * n] ?? 0) / 32_768) * Math.cos(angle);
    imaginary += ((samples[2 * n] ?? 0) / 32_768) * Math.sin(angle);
  }
  return (2 * Math.hypot(real, imaginary)) / (last - first);
}

/** The lightest and the darkest of a frame's pixels in the lower half of the picture. */
async function mouthOf(path: string, frame: number): Promise<number> {
  const name = folder.at(`frame-${frame}.png`);
  ffmpeg('-y', '-i', path, '-vf', `select=eq(n\\,${frame})`, '-frames:v', '1', name);
  const { data, width } = await readPhoto(name);
  // The middle of the mouth of the man in this part of the clip.
  const { x, y } = MOUTH;
  return data[(y * width + x) * 3 + 1]!;
}
const MOUTH = { x: 205, y: 213 };

describe('lip_syncer', () => {
  it('moves lips by what is heard at the time of each frame, and gives the output that sound', async () => {
    const result = await run(call('out.mp4', { sourcePaths: [photo, voice] }));
    expect(result.frames).toMatchObject({ total: FRAMES, changed: FRAMES });
    expect(result.models.map(({ id }) => id)).toContain('wav2lip_96');
    // A frame hears 0.2 seconds from its own time on: the tone begins at one second, that is frame 25.
    expect(await mouthOf(result.outputPath, 5)).toBeLessThan(40);
    expect(await mouthOf(result.outputPath, 18)).toBeLessThan(40);
    expect(await mouthOf(result.outputPath, 24)).toBeGreaterThan(215);
    expect(await mouthOf(result.outputPath, 40)).toBeGreaterThan(215);
    const { audioStreams, durationSeconds } = await probeVideo(result.outputPath);
    expect(audioStreams).toHaveLength(1);
    expect(Math.abs(durationSeconds - 2)).toBeLessThan(0.05);
    expect(await toneIn(result.outputPath, 2000, 1.2, 1.9)).toBeGreaterThan(0.3);
    expect(await toneIn(result.outputPath, 2000, 0.1, 0.9)).toBeLessThan(0.02);
    expect(await toneIn(result.outputPath, 440, 0.1, 1.9)).toBeLessThan(0.02);
    expect((await readSound(result.outputPath)).length / 2 / SOUND_RATE).toBeLessThan(2.1);
  });

  it('keeps sound and picture together where a part is made, in another container, at another loudness', async () => {
    const rest = { trimFrameStart: 15, trimFrameEnd: 40, outputAudioVolume: 50 };
    const result = await run(call('part.mkv', rest));
    expect(countVideoFrames(result.outputPath)).toBe(25);
    // Frames 15 and 25 of the target.
    expect(await mouthOf(result.outputPath, 0)).toBeLessThan(40);
    expect(await mouthOf(result.outputPath, 10)).toBeGreaterThan(215);
    expect(await toneIn(result.outputPath, 2000, 0.5, 0.95)).toBeGreaterThan(0.12);
    expect(await toneIn(result.outputPath, 2000, 0.5, 0.95)).toBeLessThan(0.27);
    expect(await toneIn(result.outputPath, 2000, 0.02, 0.35)).toBeLessThan(0.02);
  });

  it('has no sound at loudness 0, takes the sound of a video, and ends where a short sound ends', async () => {
    const mute = await run(call('mute-out.mp4', { outputAudioVolume: 0, trimFrameEnd: 5 }));
    expect((await probeVideo(mute.outputPath)).audioStreams).toEqual([]);
    const fromVideo = await run(
      call('video-sound.mp4', { sourcePaths: [clip], targetPath: folder.at('mute.mp4'), trimFrameEnd: 25 }),
    );
    expect(await toneIn(fromVideo.outputPath, 440, 0.1, 0.9)).toBeGreaterThan(0.05);
    const short = await run(call('short.mp4', { sourcePaths: [folder.at('other.mp3')] }));
    expect(countVideoFrames(short.outputPath)).toBe(FRAMES);
    const seconds = (await readSound(short.outputPath)).length / 2 / SOUND_RATE;
    expect(Math.abs(seconds - 1)).toBeLessThan(0.1);
  });

  it('shows a preview with what is heard at that frame', async () => {
    await previewFrame(call('quiet.png'), 10);
    await previewFrame(call('loud.png'), 35);
    const mouth = async (name: string): Promise<number> => {
      const { data, width } = await readPhoto(folder.at(name));
      return data[(MOUTH.y * width + MOUTH.x) * 3 + 1]!;
    };
    expect(await mouth('quiet.png')).toBeLessThan(40);
    expect(await mouth('loud.png')).toBeGreaterThan(215);
  });

  it('is told in the plan', async () => {
    const { steps } = await planRun(call('plan.mp4'));
    expect(steps.join(' ')).toContain('voice.wav');
  });
});

describe('sources for lip_syncer', () => {
  it.each([
    ['no sound', { sourcePaths: [photo] }, 'OPTION_MISSING', 'sound'],
    ['nothing', { sourcePaths: [] }, 'OPTION_MISSING', 'sound'],
    ['two sounds', { sourcePaths: [voice, folder.at('other.mp3')] }, 'OPTION_INVALID', 'other.mp3'],
    ['a video without sound', { sourcePaths: [folder.at('mute.mp4')] }, 'INPUT_UNSUPPORTED', 'mute.mp4'],
    ['a photo as the target', { targetPath: photo, outputPath: folder.at('still.png') }, 'INPUT_UNSUPPORTED', 'photo'],
    ['a sound as the target', { targetPath: folder.at('other.mp3') }, 'INPUT_UNSUPPORTED', 'mp3'],
    ['the sound as the output', { outputPath: voice }, 'PATH_CONFLICT', 'voice.wav'],
    ['a text', { sourcePaths: [folder.at('note.txt')] }, 'INPUT_UNSUPPORTED', 'note.txt'],
    ['no photo for a swap', { processors: ['face_swapper', 'lip_syncer'] }, 'OPTION_MISSING', 'photo'],
    [
      'a sound in the map',
      { sourcePaths: [], faceSelectorMode: 'reference', map: [`person1=${voice}`] },
      'OPTION_INVALID',
      'voice.wav',
    ],
  ])('%s: refused, saying why', async (_name, rest, code, said) => {
    writeFileSync(folder.at('note.txt'), 'no sound and no picture');
    const error = await refusal(run(call('refused.mp4', rest)));
    expect(error.code).toBe(code);
    expect(`${error.message} ${error.hint}`).toContain(said);
  });

  it('a sound that nobody listens to is refused, saying who would', async () => {
    const rest = { sourcePaths: [photo, voice], processors: ['face_swapper'] };
    const error = await refusal(run(call('refused.mp4', rest)));
    expect(error.code).toBe('INPUT_UNSUPPORTED');
    expect(error.hint).toContain('lip_syncer');
  });
});
