/** Answers of the runner as callers see them: pictures by their address, and nothing that the contract does not have. */
import { z } from 'zod';
import { facesTask, type SeenFaces } from '../../runner/tasks/faces-task.ts';
import { peopleTask, type SeenPeople } from '../../runner/tasks/people-task.ts';
import { verifyTask } from '../../runner/tasks/verify-task.ts';
import type { facesAnswer, peopleAnswer, previewAnswer, verdictAnswer } from '../contracts/looks.ts';
import { withoutFolders } from '../problem.ts';

type Urls = ReadonlyMap<string, string>;

export const parseFaces = (value: unknown): SeenFaces => facesTask.result.parse(value);
export const parsePeople = (value: unknown): SeenPeople => peopleTask.result.parse(value);

/** Storage keys of the pictures of an answer. */
export const cropsOf = (seen: readonly { readonly crop?: string }[]): string[] =>
  seen.flatMap(({ crop }) => (crop === undefined ? [] : [crop]));

export const toFaces = ({ width, height, faces }: SeenFaces, urls: Urls): z.output<typeof facesAnswer> => ({
  ...{ width, height },
  faces: faces.map(({ crop, landmarks5, ...face }) => ({
    ...face,
    landmarks5: landmarks5.map((point) => [...point]),
    ...pictureOf(crop, urls),
  })),
});

export const toPeople = ({ persons, notes, ...people }: SeenPeople, urls: Urls): z.output<typeof peopleAnswer> => ({
  ...people,
  persons: persons.map(({ crop, spans, ...person }) => ({
    ...person,
    spans: spans.map(({ boxes, ...span }) => ({ ...span, boxes: [...boxes] })),
    ...pictureOf(crop, urls),
  })),
  notes: notes.map(toNote),
});

const pictureOf = (crop: string | undefined, urls: Urls): { pictureUrl?: string } => {
  const pictureUrl = crop === undefined ? undefined : urls.get(crop);
  return pictureUrl === undefined ? {} : { pictureUrl };
};

interface Note {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

const toNote = ({ code, message, hint }: Note): Note & { hint?: string } => ({
  code,
  message: withoutFolders(message),
  ...(hint === undefined ? {} : { hint: withoutFolders(hint) }),
});

/** What of a `PreviewResult` is told; it is a photo, whose frames and notes count. */
const previewSchema = z.object({
  ...{ width: z.number(), height: z.number(), frameNumber: z.number(), timeSeconds: z.number() },
  frames: z.object({ total: z.number(), changed: z.number(), leftAlone: z.record(z.string(), z.number()) }),
  notes: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string().optional() })),
});

export function toPreview(value: unknown, pictureUrl: string): z.output<typeof previewAnswer> {
  const { notes, ...preview } = previewSchema.parse(value);
  return { ...preview, notes: notes.map(toNote), pictureUrl };
}

/** The verdict has no name of the file here: the schema of the task wants one. */
export const toVerdict = (value: unknown): z.output<typeof verdictAnswer> => {
  const { file: _, ...verdict } = verifyTask.result.parse({ ...Object(value), file: '' });
  const { credentials, recorded, ...rest } = verdict;
  return {
    ...rest,
    credentials: { ...credentials },
    recorded: recorded.map((one) => ({ ...one, processors: [...one.processors] })),
  };
};
