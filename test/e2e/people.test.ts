import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppError, isAppError } from '../../src/core/errors.ts';
import type { ProgressEvent } from '../../src/core/progress.ts';
import { boundsOf } from '../../src/engine/faces/boxes.ts';
import type { Face } from '../../src/engine/faces/face.ts';
import { similarity } from '../../src/engine/faces/recognise.ts';
import { defineProcessor, type ProcessorDefinition } from '../../src/engine/processors/processor.ts';
import { detectFaces, findPeople, type People } from '../../src/index.ts';
import { FACE_CROP_SIZE } from '../../src/runner/crop-faces.ts';
import { process as run } from '../../src/runner/process.ts';
import { LARGEST_MARK_OF_VIDEO } from '../helpers/beyond-mark.ts';
import { createRunFolder, runningFfmpegs } from '../helpers/run-folder.ts';
import { samplePhotoPath } from '../helpers/sample-media.ts';
import { type TintProbe, tintProcessor } from '../helpers/tint-processor.ts';
import { makeTwoPeople, SCENE_FRAMES, type Scene, walked } from '../helpers/two-people.ts';
import { ensureBuilt, runCli } from './support/cli.ts';

const SCENES = ['man-woman', 'woman-man', 'crossing', 'man-alone', 'man-woman'] as const satisfies readonly Scene[];
const FRAMES = SCENES.length * SCENE_FRAMES;
/** The frame in which they have changed places. */
const CUT = SCENE_FRAMES;
const AROUND_CUT = { trimFrameStart: CUT - 10, trimFrameEnd: CUT + 10 };
const [MAN, WOMAN] = ['person1', 'person2'];
const folder = createRunFolder();
const clip = folder.at('clip.mp4');
/** The first two scenes of it. */
const places = folder.at('places.mp4');
const alice = folder.at('alice.png');
const carol = folder.at('carol, back.png');
let people: People;
const progress: ProgressEvent[] = [];

beforeAll(ensureBuilt);
beforeAll(async () => {
  await makeTwoPeople(clip, SCENES);
  await makeTwoPeople(places, SCENES.slice(0, 2));
  const photo = sharp(samplePhotoPath(6));
  await photo.clone().extract({ left: 1390, top: 180, width: 420, height: 520 }).png().toFile(alice);
  await photo.clone().extract({ left: 80, top: 320, width: 560, height: 640 }).png().toFile(carol);
});
beforeAll(async () => {
  people = await findPeople(clip, { crops: true, onProgress: (event) => progress.push(event) });
});
afterAll(() => folder.remove());

const call = (name: string, more: object) => ({ targetPath: clip, outputPath: folder.at(name), ...more });

const failureOf = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => {
      if (isAppError(error)) return error;
      throw error;
    },
  );

/** Paints instead of swapping, and remembers what was painted for which source. */
function paintersBySource(): { readonly registry: ProcessorDefinition[]; readonly painters: Map<string, TintProbe> } {
  const painters = new Map<string, TintProbe>();
  const definition = defineProcessor({
    id: 'face_swapper',
    kind: 'face',
    options: {},
    needsSource: true,
    needsFaces: true,
    create(context) {
      const probe = tintProcessor();
      painters.set(basename(context.sources[0]!.path), probe);
      return probe.definition.create(context);
    },
  });
  return { registry: [definition], painters };
}

/** Where somebody's face is in a frame of the clip, roughly; undefined while absent, or where both overlap. */
function placeOf(person: string, frameIndex: number): number | undefined {
  const scene = SCENES[Math.floor(frameIndex / SCENE_FRAMES)]!;
  const step = frameIndex % SCENE_FRAMES;
  if (scene === 'man-alone') return person === MAN ? 160 : undefined;
  if (scene === 'crossing') {
    const way = walked(step);
    if (way > 0.2 && way < 0.8) return undefined;
    return person === MAN ? 160 + 320 * way : 480 - 320 * way;
  }
  return (scene === 'man-woman') === (person === MAN) ? 160 : 480;
}

/** Frames in which a source was put where the person is; fails where it was put elsewhere. */
function framesOn(person: string, probe: TintProbe): Set<number> {
  const frames = new Set<number>();
  for (const { face, time } of probe.calls) {
    // The mesh counts from the painted region; the place of the region is remembered beside it.
    const region = probe.regions[probe.calls.findIndex((other) => other.face === face)]!;
    const { x0, x1 } = boundsOf(face.mesh);
    const expected = placeOf(person, time.frameIndex);
    frames.add(time.frameIndex);
    if (expected === undefined) continue;
    expect(Math.abs(region.x0 + (x0 + x1) / 2 - expected), `frame ${time.frameIndex}`).toBeLessThan(75);
  }
  return frames;
}

describe('the people of a video', () => {
  it('are each found once, over cuts, a crossing and an absence', () => {
    expect(people).toMatchObject({ kind: 'video', width: 640, height: 300, frames: FRAMES, unclearTracks: 0 });
    expect(people.persons.map(({ id, gender }) => [id, gender])).toEqual([
      [MAN, 'male'],
      [WOMAN, 'female'],
    ]);
    const [man, woman] = people.persons as [People['persons'][0], People['persons'][0]];
    // He is hidden behind her for a moment, she is away for two seconds.
    expect(man.share).toBeGreaterThan(0.88);
    expect(woman.frames).toBeGreaterThan(0.97 * 4 * SCENE_FRAMES);
    expect(woman.frames).toBeLessThanOrEqual(4 * SCENE_FRAMES);
    for (const { first, last, tracks, best, meanSize } of [man, woman]) {
      expect([first.frame, last.frame]).toEqual([0, FRAMES - 1]);
      expect(last.seconds).toBeCloseTo((FRAMES - 1) / 25, 2);
      expect(tracks).toBeGreaterThanOrEqual(4);
      expect(meanSize).toBeGreaterThan(90);
      expect(best.frame).toBeLessThan(FRAMES);
    }
  });

  it('come with a crop of the right face', async () => {
    for (const { crop, gender } of people.persons) {
      expect([crop!.width, crop!.height]).toEqual([FACE_CROP_SIZE, FACE_CROP_SIZE]);
      const { faces } = await detectFaces(crop!, { classification: true });
      expect(faces.map((face) => face.gender)).toEqual([gender]);
    }
  });

  it('are told with rising progress, and without anything that recognises them', () => {
    expect(new Set(progress.map(({ stage }) => stage))).toEqual(new Set(['people']));
    expect(progress.at(-1)!.done).toBe(FRAMES);
    expect(JSON.stringify(people, (key, value: unknown) => (key === 'crop' ? undefined : value))).not.toMatch(
      /embedding|landmark|mesh(?!Size)/i,
    );
  });

  it('are the same on the command line, as JSON and as files', async () => {
    const crops = folder.at('crops');
    const { code, stdout } = await runCli(['faces', clip, '--people', '--json', '--crops', crops]);
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ ok: true, command: 'faces', frames: FRAMES, kind: 'video' });
    expect(document.persons).toEqual(
      people.persons.map(({ id, frames, tracks, gender, best, last }) =>
        expect.objectContaining({
          id,
          frames,
          tracks,
          gender,
          best: expect.objectContaining({ frame: best.frame }),
          last: { frame: last.frame, seconds: 9.96, timecode: '00:00:09.960' },
          crop: folder.at(`crops/clip-${id}.png`),
        }),
      ),
    );
    const file = await sharp(folder.at('crops/clip-person1.png')).raw().toBuffer();
    expect(new Uint8Array(file)).toEqual(people.persons[0]!.crop!.data);
    expect(stdout).not.toMatch(/embedding|landmark/i);
  });

  it('can be given up', async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    const error = await failureOf(findPeople(clip, { signal: controller.signal, onProgress }));
    expect(error.code).toBe('CANCELLED');
    expect(runningFfmpegs()).toEqual([]);
  });

  it('are found as far as a truncated video goes, with a note', async () => {
    const short = folder.at('short.mp4');
    const fast = folder.at('fast.mp4');
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-c', 'copy', '-movflags', '+faststart', fast]);
    execFileSync('sh', ['-c', `head -c $(($(stat -c %s "${fast}") / 3)) "${fast}" > "${short}"`]);
    const found = await findPeople(short);
    expect(found.notes.map(({ code }) => code)).toEqual(['video-truncated']);
    expect(found.frames).toBeLessThan(FRAMES);
    expect(found.persons.map(({ gender }) => gender).sort()).toEqual(['female', 'male']);
  });
});

describe('--map on a video', () => {
  it('gives each person the own sources in every frame, wherever she or he is', async () => {
    const { registry, painters } = paintersBySource();
    const map = [`${MAN}=${alice}`, `${WOMAN}=${carol.replace(',', '\\,')}`];
    const stages = new Set<string>();
    const result = await run(
      call('painted.mp4', { map }),
      { onProgress: ({ stage }) => stages.add(stage) },
      { registry },
    );
    expect(result.outcome).toBe('completed');
    expect([...stages]).toEqual(['people', 'process']);
    expect(result.sources.map(({ path }) => path)).toEqual([alice, carol]);
    expect([...painters.keys()]).toEqual([basename(alice), basename(carol)]);
    const [man, woman] = people.persons;
    expect(framesOn(MAN!, painters.get(basename(alice))!).size).toBeGreaterThan(0.97 * man!.frames);
    expect(framesOn(WOMAN!, painters.get(basename(carol))!).size).toBeGreaterThan(0.97 * woman!.frames);
    expect(result.timing.stages.people).toBeGreaterThan(0);
  });

  it('gives everybody else the face of --source', async () => {
    const { registry, painters } = paintersBySource();
    const options = {
      targetPath: places,
      map: [`${MAN}=keep`],
      sourcePaths: [alice],
      trimFrameStart: CUT - 15,
      trimFrameEnd: CUT + 25,
    };
    await run(call('others.mp4', options), {}, { registry });
    // The ids are those of the whole video, also for a part of it.
    expect(framesOn(WOMAN!, painters.get(basename(alice))!).size).toBe(40);
  });

  it('puts the right look on each', async () => {
    const both = call('both.mp4', {
      targetPath: places,
      map: [`${MAN}=${alice}`, `${WOMAN}=${carol.replace(',', '\\,')}`],
      ...AROUND_CUT,
    });
    await run(both);
    const [a, c] = [await identityOf(alice), await identityOf(carol)];
    for (const frame of [4, 15]) {
      const before = await facesFromLeft(places, CUT - 10 + frame);
      const after = await facesFromLeft(both.outputPath, frame);
      const [man, woman] = frame < 10 ? [0, 1] : [1, 0];
      expect(similarity(after[man]!, a)).toBeGreaterThan(similarity(before[man]!, a) + 0.03);
      expect(similarity(after[man]!, a)).toBeGreaterThan(similarity(after[man]!, c));
      expect(similarity(after[woman]!, c)).toBeGreaterThan(similarity(before[woman]!, c) + 0.02);
      expect(similarity(after[woman]!, c)).toBeGreaterThan(similarity(after[woman]!, a));
    }
  });

  it('changes nothing but the mark on who is kept', async () => {
    const kept = call('kept.mp4', {
      targetPath: places,
      map: [`${WOMAN}=${alice}`, `${MAN}=keep`],
      ...AROUND_CUT,
      outputVideoQuality: 100,
    });
    await run(kept);
    // Ten frames show him in the left half, then ten in the right one. Quality 100 is lossless.
    const target = readLuma(places, CUT - 10, 20);
    const output = readLuma(kept.outputPath, 0, 20);
    for (let frame = 0; frame < 20; frame++) {
      const [his, hers] = frame < 10 ? [0, 320] : [320, 0];
      expect(isSameHalf(target, output, frame, his), `frame ${frame}`).toBe(true);
      expect(isSameHalf(target, output, frame, hers), `frame ${frame}`).toBe(false);
    }
  });

  it('refuses persons whom the video does not show, and leaves nothing', async () => {
    const error = await failureOf(run(call('unknown.mp4', { targetPath: places, map: [`person3=${alice}`] })));
    expect(error.code).toBe('OPTION_INVALID');
    expect(error.message).toContain('person1, person2');
    expect(folder.list().filter((name) => name.startsWith('unknown'))).toEqual([]);
  });

  it('refuses a missing photo before anything is watched', async () => {
    const options = call('missing.mp4', { map: [`${MAN}=${folder.at('nobody.jpg')}`] });
    const error = await failureOf(run(options, { onProgress: () => expect.fail('it has begun') }));
    expect(error.code).toBe('INPUT_NOT_FOUND');
  });
});

describe('the people of a photo', () => {
  const photo = samplePhotoPath(6);

  it('are its faces from left to right, and --map follows their numbers', async () => {
    const { persons } = await findPeople(photo);
    expect(persons.map(({ id }) => id)).toEqual(['person1', 'person2', 'person3', 'person4']);
    const lefts = persons.map(({ best }) => best.box.x0);
    expect(lefts).toEqual([...lefts].sort((a, b) => a - b));

    const { registry, painters } = paintersBySource();
    const map = [`person3=${alice}`, 'person2=keep', `person1=${carol.replace(',', '\\,')}`];
    const options = { targetPath: photo, outputPath: folder.at('photo.png'), map };
    expect((await run(options, {}, { registry })).outcome).toBe('completed');
    expect(existsSync(options.outputPath)).toBe(true);
    for (const [source, index] of [
      [alice, 2],
      [carol, 0],
    ] as const) {
      const { x0, x1, y0, y1 } = persons[index]!.best.box;
      const { regions } = painters.get(basename(source))!;
      expect(regions).toHaveLength(1);
      expect(regions[0]!.x0).toBeGreaterThan(x0);
      expect(regions[0]!.x1).toBeLessThan(x1);
      expect(regions[0]!.y0).toBeGreaterThan(y0);
      expect(regions[0]!.y1).toBeLessThan(y1);
    }
  });

  it('must be in it', async () => {
    const options = { targetPath: photo, outputPath: folder.at('fifth.png'), map: [`person5=${alice}`] };
    const error = await failureOf(run(options));
    expect(error.code).toBe('OPTION_INVALID');
    expect(error.message).toContain('the photo shows person1, person2, person3, person4');
  });
});

it('--people does not go with --frame', async () => {
  const { code, stderr } = await runCli(['faces', clip, '--people', '--frame', '3']);
  expect(code).toBe(2);
  expect(stderr).toContain('error[OPTION_INVALID]');
});

async function identityOf(path: string): Promise<Float32Array> {
  const { faces } = await detectFaces(path, { embedding: true });
  return faces[0]!.embedding!;
}

/** Embeddings of the faces of a frame, from left to right. */
async function facesFromLeft(path: string, frameNumber: number): Promise<Float32Array[]> {
  const { faces } = await detectFaces(path, { frameNumber, embedding: true });
  const left = ({ box }: Face): number => box.x0;
  return [...faces].sort((a, b) => left(a) - left(b)).map(({ embedding }) => embedding!);
}

const FRAME_SAMPLES = 640 * 300;

/** Luma of frames, one after the other. */
function readLuma(path: string, first: number, count: number): Uint8Array {
  const filter = `select='gte(n,${first})',format=gray`;
  return new Uint8Array(
    execFileSync(
      'ffmpeg',
      [
        '-v',
        'error',
        '-i',
        path,
        '-vf',
        filter,
        '-frames:v',
        String(count),
        '-fps_mode',
        'passthrough',
        '-f',
        'rawvideo',
        '-',
      ],
      { maxBuffer: FRAME_SAMPLES * (count + 1) },
    ),
  );
}

function isSameHalf(a: Uint8Array, b: Uint8Array, frame: number, left: number): boolean {
  for (let y = 0; y < 300; y++) {
    const start = frame * FRAME_SAMPLES + y * 640 + left;
    for (let at = start; at < start + 320; at++) if (Math.abs(a[at]! - b[at]!) > LARGEST_MARK_OF_VIDEO) return false;
  }
  return true;
}
