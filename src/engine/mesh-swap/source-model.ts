/** Everything the swapper keeps of a person: a texture free of its own light, proportions, eye colour. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import { blur } from '../frames/blur.ts';
import { type BorderOptions, borderMask } from './border-mask.ts';
import { clamp, DARK_OFFSET, smoothstep } from './curves.ts';
import { type SourceEyes, sourceEyes } from './eyes.ts';
import { faceWidth, selfOccluded, vertexNormals } from './geometry.ts';
import { lowBand, rimOutliers } from './light.ts';
import { regularise } from './regularise.ts';
import { type FaceRig, LIGHT_SIZE, SURFACE_VERTEX_COUNT, sampleUv, texelU, texelV } from './rig.ts';
import { type IdentityShape, identityShape } from './shape.ts';
import { createTexturePyramid, type TexturePyramid } from './texture-pyramid.ts';
import { type TrustMap, trustMap, visibleFacing } from './trust-map.ts';
import { unwrap } from './unwrap.ts';
import { LEFT_TEMPLE, RIGHT_TEMPLE } from './vertex-sets.ts';

/** A photo of the source person; one photo may be one of several. */
export interface SourceFace {
  readonly image: RgbImage;
  readonly mesh: FaceMesh;
}

export interface SourceModel {
  readonly texture: TexturePyramid;
  readonly shape: IdentityShape;
  readonly eyes: SourceEyes | undefined;
  /** Face width of the largest photo, pixels. */
  readonly width: number;
  /** How each photo was judged, in the order given. */
  readonly trust: readonly TrustMap[];
}

/** Edge of the source texture. */
const TEXTURE_SIZE = 512;
/** How strongly the mirrored side fills what a photo does not show; more where the photo is turned. */
const MIRROR_WEIGHT = 0.06;
const MIRROR_WEIGHT_TURNED = 0.3;
const TURNED_DEGREES = 20;
/** Share of the relief shading that is taken out of the texture and put back from the target's light. */
export const RELIEF_SHARE = 0.15;
/** Luma of the ratio above which highlights count half: they belong to the lamp more than to the skin. */
const HIGHLIGHT_KNEE = 1.1;
const SKIN_CHROMA = 0.15;
const FEATURE_CHROMA = 0.15;
const LIP_CHROMA = 0.75;
const SMALL_FACE = 300;

interface PhotoTexture {
  readonly ratio: Float32Array;
  readonly validity: Float32Array;
  readonly mirrorWeight: number;
  readonly quality: number;
  readonly frontality: number;
  readonly shape: IdentityShape;
  readonly trust: TrustMap;
}

/** Yaw from the depth of the temples, degrees; enough to tell a turned photo. */
function yawDegrees(mesh: FaceMesh): number {
  const a = LEFT_TEMPLE * 3;
  const b = RIGHT_TEMPLE * 3;
  const across = Math.hypot(mesh[b] - mesh[a], mesh[b + 1] - mesh[a + 1]);
  return (Math.atan2(mesh[b + 2] - mesh[a + 2], across) * 180) / Math.PI;
}

/** Box average of a texture-size colour map to the light's size, weighted. */
function foldToLight(
  rig: FaceRig,
  colour: Float32Array,
  weight: Float32Array,
): { colour: Float32Array; weight: Float32Array } {
  const n = LIGHT_SIZE * LIGHT_SIZE;
  const fold = TEXTURE_SIZE / LIGHT_SIZE;
  const outColour = new Float32Array(n * 3);
  const outWeight = new Float32Array(n);
  const sum = new Float32Array(n);
  for (const i of rig.grid(TEXTURE_SIZE).texels) {
    const j = Math.floor(i / TEXTURE_SIZE / fold) * LIGHT_SIZE + Math.floor((i % TEXTURE_SIZE) / fold);
    const w = weight[i] + 1e-6;
    sum[j] += w;
    outWeight[j] += weight[i];
    for (let c = 0; c < 3; c++) outColour[j * 3 + c] += colour[i * 3 + c] * w;
  }
  const { skin } = rig.masks(LIGHT_SIZE);
  for (let j = 0; j < n; j++) {
    if (sum[j] === 0) continue;
    for (let c = 0; c < 3; c++) outColour[j * 3 + c] /= sum[j];
    outWeight[j] = Math.min(1, outWeight[j] / (fold * fold)) * skin[j];
  }
  return { colour: outColour, weight: outWeight };
}

function readPhoto(rig: FaceRig, { image, mesh }: SourceFace): PhotoTexture {
  const size = TEXTURE_SIZE;
  const count = size * size;
  const { texels } = rig.grid(size);
  const masks = rig.masks(size);
  const width = faceWidth(mesh);
  const normals = vertexNormals(rig, mesh);
  const facingZ = visibleFacing(normals, selfOccluded(rig, mesh));
  const { colour, facing } = unwrap(rig, image, mesh, size, facingZ);
  const visible = new Float32Array(count);
  for (const i of texels) visible[i] = smoothstep(0.1, 0.55, facing[i]);

  const trust = trustMap(rig, image, mesh, normals, facingZ);
  const folded = foldToLight(rig, colour, visible);
  for (let j = 0; j < folded.weight.length; j++) {
    folded.weight[j] *= 1 - sampleUv(trust.distrust, trust.size, 1, texelU(j, LIGHT_SIZE), texelV(j, LIGHT_SIZE), 0);
  }
  const { light, outliers } = lowBand(folded.colour, folded.weight, LIGHT_SIZE);
  const hair = rimOutliers(rig, outliers, LIGHT_SIZE, 2, 3);

  const ratio = new Float32Array(count * 3);
  const validity = new Float32Array(count);
  const rgb = [0, 0, 0];
  for (const i of texels) {
    const u = texelU(i, size);
    const v = texelV(i, size);
    const unshade = Math.exp(-RELIEF_SHARE * sampleUv(trust.relief, trust.size, 1, u, v, 0));
    let darkest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < 3; c++) {
      const l = sampleUv(light, LIGHT_SIZE, 3, u, v, c);
      darkest = Math.min(darkest, l);
      rgb[c] = (unshade * (colour[i * 3 + c] + DARK_OFFSET)) / (l + DARK_OFFSET);
    }
    const luma = 0.3 * rgb[0] + 0.59 * rgb[1] + 0.11 * rgb[2];
    const compressed = luma > HIGHLIGHT_KNEE ? HIGHLIGHT_KNEE + (luma - HIGHLIGHT_KNEE) * 0.5 : luma;
    // A channel that the light starves carries noise, not colour.
    const fed = smoothstep(4, 45, darkest);
    const chroma =
      fed * (SKIN_CHROMA + FEATURE_CHROMA * masks.features[i] + (LIP_CHROMA - SKIN_CHROMA) * masks.lips[i]);
    const plainRim = masks.rim[i] * (1 - masks.features[i]);
    const bounded = clamp(compressed, 0.15 + 0.73 * plainRim, 2.2 - 1.12 * plainRim);
    for (let c = 0; c < 3; c++) {
      const tint = clamp(Math.log(rgb[c] / luma), -0.5, 0.5);
      ratio[i * 3 + c] = bounded * Math.exp(chroma * (1 - 0.7 * plainRim) * tint);
    }
    const doubt = Math.max(sampleUv(hair, LIGHT_SIZE, 1, u, v, 0), sampleUv(trust.distrust, trust.size, 1, u, v, 0));
    validity[i] = visible[i] * (1 - smoothstep(0.03, 0.3, doubt));
  }
  regularise(rig, ratio, validity, size);
  const soft = blur(validity, size, size, 1, size * 0.02);
  for (const i of texels) validity[i] = Math.min(validity[i], soft[i]);

  const a = LEFT_TEMPLE * 3;
  const b = RIGHT_TEMPLE * 3;
  return {
    ratio,
    validity,
    mirrorWeight:
      MIRROR_WEIGHT +
      (MIRROR_WEIGHT_TURNED - MIRROR_WEIGHT) *
        smoothstep(TURNED_DEGREES - 4, TURNED_DEGREES + 4, Math.abs(yawDegrees(mesh))),
    quality: Math.min(1, width / SMALL_FACE),
    frontality: clamp(Math.hypot(mesh[b] - mesh[a], mesh[b + 1] - mesh[a + 1]) / width, 0, 1) ** 8,
    shape: identityShape(rig, mesh),
    trust,
  };
}

/** Weighted mean of the photos and of their mirror images, towards plain skin where nothing is known. */
function fuse(rig: FaceRig, photos: readonly PhotoTexture[], alpha: Float32Array): Float32Array {
  const size = TEXTURE_SIZE;
  const texture = new Float32Array(size * size * 4);
  const unknown = 2e-3;
  for (const i of rig.grid(size).texels) {
    const mirrored = i - (i % size) + (size - 1 - (i % size));
    const sum = [unknown, unknown, unknown];
    let weight = unknown;
    for (const photo of photos) {
      const own = (photo.validity[i] ** 2 + 1e-4) * photo.quality;
      const other = photo.validity[mirrored] ** 2 * photo.quality * photo.mirrorWeight;
      for (let c = 0; c < 3; c++) sum[c] += photo.ratio[i * 3 + c] * own + photo.ratio[mirrored * 3 + c] * other;
      weight += own + other;
    }
    for (let c = 0; c < 3; c++) texture[i * 4 + c] = sum[c] / weight;
    texture[i * 4 + 3] = alpha[i];
  }
  return texture;
}

/**
 * Reads a person from one or several photos.
 * @param photos at least one; the photos of one person
 */
export function createSourceModel(rig: FaceRig, photos: readonly SourceFace[], border: BorderOptions): SourceModel {
  const textures = photos.map((photo) => readPhoto(rig, photo));
  const shape = new Float32Array(SURFACE_VERTEX_COUNT * 3);
  let weight = 0;
  for (const photo of textures) {
    weight += photo.frontality;
    for (let i = 0; i < shape.length; i++) shape[i] += photo.shape[i] * photo.frontality;
  }
  for (let i = 0; i < shape.length; i++) shape[i] /= weight;
  const alpha = borderMask(rig, TEXTURE_SIZE, border);
  return {
    texture: createTexturePyramid(rig, fuse(rig, textures, alpha), TEXTURE_SIZE),
    shape,
    eyes: sourceEyes(photos),
    width: Math.max(...photos.map((photo) => faceWidth(photo.mesh))),
    trust: textures.map((photo) => photo.trust),
  };
}
