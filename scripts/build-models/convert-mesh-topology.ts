import { z } from 'zod';

const topologySchema = z.object({
  uv: z.array(z.tuple([z.number(), z.number()])).length(468),
  triangles: z.array(z.number().int().min(0).max(467)),
});

/**
 * Takes the canonical face's texture coordinates and triangles out of the TypeScript file that lists them.
 * @returns JSON: `{ uv: [u, v][468], triangles: number[] }`
 */
export function convertMeshTopology(sourceFile: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(sourceFile);
  const topology = topologySchema.parse({ uv: arrayNamed(text, 'UV468'), triangles: arrayNamed(text, 'TRI468') });
  if (topology.triangles.length % 3 !== 0) throw new Error('Expected three vertices a triangle.');
  return new TextEncoder().encode(`${JSON.stringify(topology)}\n`);
}

/** The literal is JSON but for a trailing comma. */
function arrayNamed(text: string, name: string): unknown {
  const literal = new RegExp(`export const ${name}[^=]*= (\\[[^;]*\\]);`).exec(text)?.[1];
  if (literal === undefined) throw new Error(`Expected an array ${name} in the mesh coordinates.`);
  return JSON.parse(literal.replace(/,(\s*\])/g, '$1'));
}
