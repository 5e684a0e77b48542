/**
 * What an installation allows, once: keys, bounds, defaults and meaning. The table in docs/policy.md, the template and
 * what is said about mistakes derive from it. There is no key that switches moderation, watermark or audit off.
 */
import { z } from 'zod';
import { PROCESSOR_IDS } from '../../core/processor-options/processor-options.ts';
import { DEFAULT_CONTENT_THRESHOLD } from '../../engine/content/content-analyser.ts';

/** Gives a key its text; `why` says what stands behind its bounds. */
const key = <T extends z.ZodType>(schema: T, text: string, why?: string): T =>
  schema.describe(text).meta({ description: text, ...(why === undefined ? {} : { why }) }) as T;

/** Keys of one matter. A section that is left out has its defaults. */
const section = <T extends z.ZodRawShape>(shape: T) =>
  z
    .object(shape)
    .strict()
    .prefault({} as never);

const files = (): z.ZodDefault<z.ZodArray<z.ZodString>> => z.array(z.string().min(1)).max(100).default([]);
const days = (least: number, preset: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(least).max(36_500).default(preset);
const text = (longest: number): z.ZodOptional<z.ZodString> => z.string().trim().min(1).max(longest).optional();

export const policySchema = z
  .object({
    processors: key(
      z
        .array(z.enum(PROCESSOR_IDS))
        .min(1)
        .default([...PROCESSOR_IDS]),
      'Processors that runs may use.',
    ),
    licensePolicy: key(
      z.enum(['commercial', 'any']).default('any'),
      'Models that runs may use: `commercial` only those whose licence lets you sell what they make, `any` whatever the run asks for.',
    ),
    consent: key(
      z.enum(['optional', 'required']).default('optional'),
      'Whether each source face needs a valid consent of its person.',
    ),
    moderation: section({
      threshold: key(
        z.number().min(0.3).max(0.85).default(DEFAULT_CONTENT_THRESHOLD),
        'Score of the content classifier at which a picture is refused; lower is stricter.',
        'Higher would let through what is plainly sexual.',
      ),
      everySeconds: key(
        z.number().min(0.1).max(2).default(1),
        'Longest time of a video between two pictures that are looked at, in seconds, besides every scene cut.',
        'More would leave scenes that nobody looks at.',
      ),
    }),
    faceAge: section({
      lowest: key(
        z.number().int().min(18).max(99).default(18),
        'Age in years below which a face may not look.',
        'Faces of minors are never worked on.',
      ),
      action: key(
        z.enum(['refuse', 'review']).default('refuse'),
        'What happens to a run whose faces look younger: it ends, or a person has to look at it.',
      ),
    }),
    words: section({
      files: key(files(), 'Word lists beside those of the product; one word or phrase a line, `#` begins a comment.'),
    }),
    blocklist: section({
      files: key(files(), "Lists of persons beside the installation's own, sealed with its key."),
      threshold: key(
        z.number().min(0.9).max(0.97).default(0.95),
        'Likeness at which a face counts as a listed person; lower is stricter. See docs/blocklist.md.',
        'Higher misses many listed persons, lower takes many strangers for one.',
      ),
    }),
    watermark: section({
      strength: key(
        z.number().min(1).max(2.5).default(1.6),
        'Code values that the invisible mark adds where a picture is smooth.',
        'A weaker mark does not survive what media go through, a stronger one is seen.',
      ),
    }),
    credentials: key(
      z.enum(['preferred', 'required']).default('preferred'),
      'Whether runs may go on where no Content Credentials can be made (`preferred`), and say so.',
    ),
    signing: section({
      source: key(
        z.enum(['installation', 'file', 'pkcs11', 'command']).default('installation'),
        'Where the key that signs Content Credentials is.',
      ),
      algorithm: key(
        z.enum(['es256', 'es384', 'es512', 'ps256', 'ps384', 'ps512', 'ed25519']).default('es256'),
        'Kind of signature of that key.',
      ),
      certificates: key(text(4096), 'PEM file with its certificate and those above it. Not for `installation`.'),
      key: key(text(4096), 'PEM file with the key. For `file`.'),
      module: key(text(4096), 'PKCS#11 library of the token. For `pkcs11`.'),
      object: key(text(1024), 'PKCS#11 address of the key, pkcs11:…, without its PIN. For `pkcs11`.'),
      command: key(
        z.array(z.string().min(1)).min(1).max(50).optional(),
        'Program and its arguments, which reads from stdin what to sign and writes the signature. For `command`.',
      ),
    }),
    labels: key(
      z.array(z.enum(['cn', 'eu'])).default([]),
      'Markets whose visible labels and metadata every output carries.',
    ),
    operator: section({
      name: key(text(200), 'Who runs this installation, as it stands in credentials and labels.'),
      producerCode: key(
        z
          .string()
          .regex(/^[0-9A-Za-z]{1,64}$/)
          .optional(),
        'Code of the producer for the `AIGC` metadata of the label `cn`: letters and digits.',
      ),
    }),
    audit: section({
      retentionDays: key(
        days(183, 1095),
        'Days for which personal values of the audit log are kept; the log itself stays.',
        'Six months are the least that labelling rules ask for.',
      ),
    }),
    inputs: section({
      retentionDays: key(
        days(0, 0),
        'Days for which a service keeps uploaded sources and targets after the run; 0: for an hour, so that another can be made with them.',
      ),
    }),
  })
  .strict();

/** What a run goes by: every default filled in, frozen. */
export type Policy = DeepReadonly<z.output<typeof policySchema>>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** Rules that are about several keys. @returns what is wrong, by key */
export function crossChecks(policy: Policy): { readonly key: string; readonly message: string }[] {
  const problems: { key: string; message: string }[] = [];
  const { signing, labels, operator } = policy;
  const needed = {
    installation: [],
    file: ['certificates', 'key'],
    pkcs11: ['certificates', 'module', 'object'],
    command: ['certificates', 'command'],
  } as const satisfies Record<typeof signing.source, readonly (keyof typeof signing)[]>;
  const own: readonly string[] = needed[signing.source];
  for (const name of ['certificates', 'key', 'module', 'object', 'command'] as const) {
    const isThere = signing[name] !== undefined;
    if (own.includes(name) && !isThere) {
      problems.push({
        key: 'signing.source',
        message: `Expected signing.${name} beside signing.source ${signing.source}.`,
      });
    }
    if (!own.includes(name) && isThere) {
      problems.push({
        key: `signing.${name}`,
        message: `There is no signing.${name} with signing.source ${signing.source}.`,
      });
    }
  }
  if (labels.includes('cn') && operator.name === undefined && operator.producerCode === undefined) {
    problems.push({ key: 'labels', message: 'Expected operator.producerCode or operator.name beside the label cn.' });
  }
  return problems;
}
