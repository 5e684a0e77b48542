import { convertMeshTopology } from '../convert-mesh-topology.ts';
import type { TableRecipe } from '../recipe.ts';

export const MESH_TOPOLOGY: TableRecipe = {
  id: 'face_mesh_topology',
  kind: 'table',
  task: 'face_mesh',
  package: '@vladmandic/human',
  source: {
    file: 'src/face/facemeshcoords.ts',
    sha256: 'f4a1c3d9426a5db3574c99a7e00631eea80b5c1a150d2f74295a7005964478f2',
  },
  licence: {
    spdx: 'MIT AND Apache-2.0',
    holder: 'Vladimir Mandic; The MediaPipe Authors',
    tier: 'documented',
    basis: "the package's licence; the table originally comes from MediaPipe (Apache-2.0)",
  },
  meaning: 'uv: 468 x [u, v] in 0..1, origin top left; triangles: vertex indexes, three a triangle',
  convert: ([file]) => convertMeshTopology(file),
};
