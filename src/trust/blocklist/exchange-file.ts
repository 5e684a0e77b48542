/** A list of persons as it goes from one installation to another: JSON, not sealed, since their keys differ. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { checkEmbedding, type FaceList, type ListedPerson } from './face-list.ts';

const exchangeSchema = z.object({
  format: z.literal('facefusion-blocklist-1'),
  recogniser: z.string(),
  persons: z.array(
    z.object({
      id: z.string().regex(/^[0-9a-f]{12}$/),
      name: z.string().min(1).max(200),
      addedAt: z.iso.datetime(),
      /** Float32, little-endian, base64. */
      embeddings: z.array(z.base64()).min(1).max(100),
    }),
  ),
});

/** Text of a list. It holds embeddings: whoever has it can look for these persons in photos. */
export function toExchange(list: FaceList): string {
  const persons = list.persons.map(({ embeddings, ...person }) => ({
    ...person,
    embeddings: embeddings.map((values) => toBytes(values).toString('base64')),
  }));
  return `${JSON.stringify({ format: 'facefusion-blocklist-1', recogniser: list.recogniser, persons }, null, 1)}\n`;
}

/**
 * Persons of such a text.
 * @param recogniser whose embeddings they must be
 * @throws INPUT_UNREADABLE for what is no list, or has an embedding of zeros or NaN; MODEL_IO_MISMATCH
 */
export function fromExchange(text: string, recogniser: string, path: string): readonly ListedPerson[] {
  const damaged = (cause: unknown): AppError =>
    new AppError('INPUT_UNREADABLE', `Expected a list from \`facefusion blocklist export\` in ${path}.`, { cause });
  let content: z.output<typeof exchangeSchema>;
  try {
    content = exchangeSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(cause);
  }
  if (content.recogniser !== recogniser) {
    throw new AppError(
      'MODEL_IO_MISMATCH',
      `The persons of ${path} were enrolled with ${content.recogniser}, and ${recogniser} is in use.`,
      { hint: 'Enrol them again from photos: embeddings of two models cannot be compared.' },
    );
  }
  return content.persons.map(({ embeddings, ...person }) => {
    try {
      const values = embeddings.map(fromBase64);
      for (const one of values) checkEmbedding(one);
      return { ...person, embeddings: values };
    } catch (cause) {
      throw damaged(cause);
    }
  });
}

function toBytes(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes;
}

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(at * 4));
}
