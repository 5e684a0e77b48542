import type { ModelStore } from '../inference/session.ts';
import { FaceRig, type MeshTopology } from '../mesh-swap/rig.ts';

/** Grids and masks of the sizes that are used. */
const RIG_BYTES = 16e6;

/** The face mesh's layout, which runs of one process may share. @throws what `store.table` throws */
export async function openFaceRig(store: ModelStore): Promise<FaceRig> {
  // Asked for also where the rig is there already: every run says what it was made with.
  const topology = await store.table<MeshTopology>('face_mesh_topology');
  return store.study(['face rig'], RIG_BYTES, async () => new FaceRig(topology));
}
