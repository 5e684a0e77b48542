/** What the implicit label of GB 45438-2025 says, and the signature with which this installation stands for its part. */
import { type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, type Json } from '../audit/canonical-json.ts';

/** One who passed it on. */
const propagatorSchema = z.looseObject({
  ContentPropagator: z.string().default(''),
  PropagateID: z.string().default(''),
  ReservedCode2: z.string().default(''),
});
const labelSchema = propagatorSchema.extend({
  /** 1 it is, 2 it may be, 3 it is suspected to be made by a machine. */
  Label: z.union([z.string(), z.number().transform(String)]),
  ContentProducer: z.string().default(''),
  ProduceID: z.string().default(''),
  ReservedCode1: z.string().default(''),
  /** Our own: whoever comes after the one propagator that the standard has a place for. */
  FurtherPropagators: z.array(propagatorSchema).optional(),
});
export type AigcLabel = z.output<typeof labelSchema>;

/** Who labels, and with what. */
export interface AigcSigner {
  /** Code or name of the producer. */
  readonly producer: string;
  /** Tells the output apart: installation and job. */
  readonly id: string;
  /** Id of the installation. */
  readonly installation: string;
  /** Ed25519. */
  readonly key: KeyObject;
}

/** @returns undefined for a text that is no such label */
export function parseAigc(text: string): AigcLabel | undefined {
  try {
    return labelSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The label of an output. One that the target has keeps every word; ours is added where the standard has room for those
 * who pass on, and behind them where that is taken.
 */
export function aigcText(existing: AigcLabel | undefined, signer: AigcSigner): string {
  const { producer, id } = signer;
  const code = codeOf(signer);
  if (!existing) {
    const label: AigcLabel = {
      ...{ Label: '1', ContentProducer: producer, ProduceID: id, ReservedCode1: code },
      ...{ ContentPropagator: '', PropagateID: '', ReservedCode2: '' },
    };
    return JSON.stringify(label);
  }
  const ours = { ContentPropagator: producer, PropagateID: id, ReservedCode2: code };
  if (existing.ContentPropagator === '') return JSON.stringify({ ...existing, ...ours });
  return JSON.stringify({ ...existing, FurtherPropagators: [...(existing.FurtherPropagators ?? []), ours] });
}

const signedBytes = (producer: string, id: string): Buffer =>
  Buffer.from(canonicalJson({ name: 'AIGC', producer, id } satisfies Record<string, Json>));

/** Names of a signature: its kind, whose, and itself. */
const codeOf = ({ producer, id, installation, key }: AigcSigner): string =>
  `ed25519:${installation}:${sign(null, signedBytes(producer, id), key).toString('base64url')}`;

/** Whether some part of a label is signed by an installation. @param publicKey its Ed25519 key */
export function isSignedBy(label: AigcLabel, publicKey: KeyObject): boolean {
  const parts = [
    [label.ContentProducer, label.ProduceID, label.ReservedCode1],
    ...[label, ...(label.FurtherPropagators ?? [])].map((part) => [
      part.ContentPropagator,
      part.PropagateID,
      part.ReservedCode2,
    ]),
  ] as [string, string, string][];
  return parts.some(([producer, id, code]) => {
    const signature = /^ed25519:[0-9a-f]{8}:([\w-]+)$/.exec(code)?.[1];
    return (
      signature !== undefined && verify(null, signedBytes(producer, id), publicKey, Buffer.from(signature, 'base64url'))
    );
  });
}
