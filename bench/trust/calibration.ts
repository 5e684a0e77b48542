/**
 * At which likeness two faces count as one person: how many strangers pass for each other, and how many times somebody
 * is missed. `npx tsx bench/trust/calibration.ts [recogniser]` prints JSON; docs/blocklist.md has the table.
 */
import { type Recogniser, similarity } from '../../src/engine/faces/recognise.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { type LabelledFace, readLabelledFaces } from './labelled-faces.ts';

const recogniser = (process.argv[2] ?? 'face_recognition') as Recogniser;
const STEPS: Readonly<Record<Recogniser, readonly number[]>> = {
  face_recognition: [0.86, 0.88, 0.89, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97],
  fr_feature: [0.2, 0.25, 0.3, 0.35, 0.4, 0.44, 0.5, 0.55, 0.6, 0.65, 0.7],
};

await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
const faces = await readLabelledFaces(store, recogniser);

/** Likenesses of all pairs of one kind. */
function likenesses(isPair: (a: LabelledFace, b: LabelledFace) => boolean): number[] {
  const found: number[] = [];
  for (const [at, a] of faces.entries()) {
    for (const b of faces.slice(at + 1)) if (isPair(a, b)) found.push(similarity(a.embedding, b.embedding));
  }
  return found;
}

const strangers = likenesses((a, b) => a.person !== b.person);
const sameLook = likenesses((a, b) => a.look === b.look);
const otherLook = likenesses((a, b) => a.person === b.person && a.look !== b.look);
const share = (values: readonly number[], test: (value: number) => boolean): number =>
  Number((values.filter(test).length / values.length).toFixed(4));

/** Of a list of persons, each enrolled with all looks at them as they are: who is found by a changed picture. */
function enrolled(threshold: number): { missed: number; strangersTaken: number } {
  const enrolment = faces.filter(({ copy }) => copy === 'original');
  const queries = faces.filter(({ copy }) => copy !== 'original');
  const best = (face: LabelledFace, isOwn: boolean): number =>
    Math.max(
      -1,
      ...enrolment
        .filter(({ person }) => (person === face.person) === isOwn)
        .map(({ embedding }) => similarity(embedding, face.embedding)),
    );
  return {
    missed: share(
      queries.map((face) => best(face, true)),
      (value) => value < threshold,
    ),
    strangersTaken: share(
      queries.map((face) => best(face, false)),
      (value) => value >= threshold,
    ),
  };
}

const report = {
  recogniser,
  faces: faces.length,
  persons: new Set(faces.map(({ person }) => person)).size,
  pairs: { strangers: strangers.length, sameLook: sameLook.length, otherLook: otherLook.length },
  rates: STEPS[recogniser].map((threshold) => ({
    threshold,
    falseMatch: share(strangers, (value) => value >= threshold),
    falseNonMatchSameLook: share(sameLook, (value) => value < threshold),
    falseNonMatchOtherLook: share(otherLook, (value) => value < threshold),
    listOfAll: enrolled(threshold),
  })),
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
