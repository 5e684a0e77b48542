/** What the Content Credentials of a file say, and whether they hold. Needs no key and no network. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { sniffMedia } from '../../media/sniff.ts';
import { openC2pa } from './c2pa-library.ts';
import { OTHER_TYPE, readableType, sidecarOf } from './credential-formats.ts';
import { RUN_ASSERTION } from './sign-manifest.ts';

export interface Credentials {
  /**
   * `trusted`: whole, and signed by somebody whose root is trusted here; `valid`: whole, signed by somebody unknown here;
   * `invalid`: the file or its credentials were changed; `none`; `unknown`: they cannot be read on this machine.
   */
  readonly state: 'trusted' | 'valid' | 'invalid' | 'none' | 'unknown';
  /** Whether they stand in the file or beside it. */
  readonly place?: 'file' | 'sidecar';
  readonly signer?: string;
  /** Program that made them. */
  readonly generator?: string;
  /** IPTC terms. */
  readonly digitalSourceTypes?: readonly string[];
  readonly job?: string;
  readonly ingredients?: readonly { readonly title: string; readonly relationship: string; readonly broken: boolean }[];
  /** Codes of C2PA, what is wrong first. */
  readonly problems?: readonly string[];
  /** Why they cannot be read. */
  readonly reason?: string;
}

const statusSchema = z.looseObject({ code: z.string() });
const resultsSchema = z.looseObject({
  activeManifest: z.looseObject({ failure: z.array(statusSchema).optional() }).optional(),
});
const storeSchema = z.looseObject({
  active_manifest: z.string().optional(),
  validation_state: z.string().optional(),
  validation_status: z.array(statusSchema).optional(),
  manifests: z
    .record(
      z.string(),
      z.looseObject({
        claim_generator_info: z.array(z.looseObject({ name: z.string(), version: z.string().optional() })).optional(),
        signature_info: z.looseObject({ common_name: z.string().optional(), issuer: z.string().optional() }).optional(),
        ingredients: z
          .array(
            z.looseObject({
              title: z.string().optional(),
              relationship: z.string(),
              validation_status: z.array(statusSchema).optional(),
              validation_results: resultsSchema.optional(),
            }),
          )
          .optional(),
        assertions: z.array(z.looseObject({ label: z.string(), data: z.unknown() })).optional(),
      }),
    )
    .default({}),
});
const actionsSchema = z.looseObject({ actions: z.array(z.looseObject({ digitalSourceType: z.string().optional() })) });
const runSchema = z.looseObject({ job: z.string() });

/** @param anchors roots that are trusted, PEM */
export async function readCredentials(path: string, anchors: readonly string[]): Promise<Credentials> {
  const library = await openC2pa();
  if (library instanceof Error) return { state: 'unknown', reason: library.message };
  const settings = {
    verify: { verify_trust: true },
    ...(anchors.length > 0 ? { trust: { trust_anchors: anchors.join('') } } : {}),
  };
  const type = readableType((await sniffMedia(path)).format);
  const sidecar = await readFile(sidecarOf(path)).catch(() => undefined);
  try {
    const inside = type === undefined ? null : await library.Reader.fromAsset({ path, mimeType: type }, settings);
    if (inside) return describe(inside.json(), 'file');
    if (!sidecar) return { state: 'none' };
    const beside = await library.Reader.fromManifestDataAndAsset(
      sidecar,
      { path, mimeType: type ?? OTHER_TYPE },
      settings,
    );
    return describe(beside.json(), 'sidecar');
  } catch (cause) {
    const { message } = cause as Error;
    // The library throws for a file that it can read and that has none.
    if (/no JUMBF data|JumbfNotFound|ManifestNotFound/i.test(message)) return { state: 'none' };
    return { state: 'invalid', problems: [message] };
  }
}

const STATES: Readonly<Record<string, Credentials['state']>> = {
  Trusted: 'trusted',
  Valid: 'valid',
  Invalid: 'invalid',
};

function describe(json: unknown, place: 'file' | 'sidecar'): Credentials {
  const store = storeSchema.parse(json);
  const active = store.manifests[store.active_manifest ?? ''];
  const assertions = active?.assertions ?? [];
  const sourceTypes = assertions.flatMap(({ label, data }) => {
    const parsed = label.startsWith('c2pa.actions') ? actionsSchema.safeParse(data) : undefined;
    return parsed?.data?.actions.flatMap(({ digitalSourceType }) => digitalSourceType ?? []) ?? [];
  });
  const run = runSchema.safeParse(assertions.find(({ label }) => label === RUN_ASSERTION)?.data).data;
  const signer = active?.signature_info?.common_name ?? active?.signature_info?.issuer;
  const [generator] = active?.claim_generator_info ?? [];
  return {
    state: STATES[store.validation_state ?? ''] ?? 'invalid',
    place,
    ...(signer === undefined ? {} : { signer }),
    ...(generator ? { generator: [generator.name, generator.version].filter(Boolean).join(' ') } : {}),
    digitalSourceTypes: [...new Set(sourceTypes)],
    ...(run ? { job: run.job } : {}),
    ingredients: (active?.ingredients ?? []).map((ingredient) => ({
      title: ingredient.title ?? '',
      relationship: ingredient.relationship,
      broken:
        (ingredient.validation_status ?? []).length > 0 ||
        (ingredient.validation_results?.activeManifest?.failure ?? []).length > 0,
    })),
    problems: [...new Set((store.validation_status ?? []).map(({ code }) => code))],
  };
}
