/** Draws a source person on the faces of a target, frame by frame. */
import type { Region, RgbImage } from '../../core/image.ts';
import { type StageTimer, UNTIMED } from '../../core/stage-timer.ts';
import type { Stateful } from '../../core/stateful.ts';
import type { FaceMesh } from '../faces/face.ts';
import { createKernels } from '../kernels/kernels.ts';
import { RegionPixels } from '../kernels/region-pixels.ts';
import { FacePainter } from './draw-face.ts';
import { EyeRecolour } from './eyes.ts';
import { faceWidth, meshRegion, vertexNormals } from './geometry.ts';
import { type FaceRig, LIGHT_SIZE, SURFACE_VERTEX_COUNT } from './rig.ts';
import { RELIEF_SHARE, type SourceModel } from './source-model.ts';
import { TargetLight } from './target-light.ts';
import { TargetShape } from './target-shape.ts';
import { normalZOf } from './unwrap.ts';
import { fillVertexAttributes } from './vertex-attributes.ts';
import { createWarpField, moveMesh, WARP_MARGIN } from './warp-field.ts';
import { PixelWarp } from './warp-pixels.ts';

export interface MeshSwapperOptions {
  /** How far the target's proportions move towards the source's, 0..1. */
  readonly shapeWeight: number;
  /** Keep what lies in front of the face. */
  readonly occlusion: boolean;
  /** Told of `warp`, `blend`, and of `swap` for the rest. */
  readonly timer?: StageTimer | undefined;
}

/** A matte of something in front of the face that must stay: a hand. */
export interface Cover {
  /** Takes covered texels out of a UV weight map, size x size, in place. */
  maskWeights(rig: FaceRig, mesh: FaceMesh, size: number, weight: Float32Array): void;
  /** Puts the covered pixels of `from` back on `to`. */
  restore(from: RgbImage, to: RgbImage): void;
}

/** Share of the target's fine grain laid over the texture, and of its chroma in two-coloured light. */
const GRAIN = 0.5;
const CHROMA = 0.15;
/** A displacement below this many pixels is not worth the warp. */
const LEAST_WARP = 0.3;
/** How far beyond the mesh drawing reads, in pixels. */
const DRAWN_MARGIN = 4;

/** What is remembered of one face over the frames of a clip. */
class Track implements Stateful {
  readonly light: TargetLight;
  readonly shape: TargetShape;
  readonly eyes: EyeRecolour;

  constructor(rig: FaceRig, source: SourceModel) {
    this.light = new TargetLight(rig);
    this.shape = new TargetShape(rig, source.shape);
    this.eyes = new EyeRecolour(source.eyes);
  }

  save(): TrackState {
    return { light: this.light.save(), shape: this.shape.save(), eyes: this.eyes.save() };
  }

  restore(state: unknown): void {
    const { light, shape, eyes } = state as TrackState;
    this.light.restore(light);
    this.shape.restore(shape);
    this.eyes.restore(eyes);
  }
}

interface TrackState {
  readonly light: unknown;
  readonly shape: unknown;
  readonly eyes: unknown;
}

export class MeshSwapper implements Stateful {
  readonly #rig: FaceRig;
  readonly #source: SourceModel;
  readonly #options: MeshSwapperOptions;
  readonly #tracks = new Map<number, Track>();
  readonly #normals = new Float32Array(SURFACE_VERTEX_COUNT * 3);
  readonly #facing = new Float32Array(SURFACE_VERTEX_COUNT);
  readonly #kernels = createKernels();
  readonly #warp = new PixelWarp(this.#kernels);
  readonly #painter: FacePainter;

  constructor(rig: FaceRig, source: SourceModel, options: MeshSwapperOptions) {
    this.#rig = rig;
    this.#source = source;
    this.#options = options;
    this.#painter = new FacePainter(this.#kernels, rig);
  }

  /** The part of a frame that a swap of this face reads and may change. */
  regionOf(mesh: FaceMesh, width: number, height: number): Region {
    return meshRegion(mesh, faceWidth(mesh) * (WARP_MARGIN + 0.01) + 4, width, height);
  }

  /** Memory for the pixels of a face, to be used with this swapper only. */
  createPixels(): RegionPixels {
    return new RegionPixels(this.#kernels);
  }

  /** Share of the inner face, 0..1, where something seemed to lie in front in the last frame of a track. */
  coveredShare(trackId: number): number {
    return this.#tracks.get(trackId)?.light.coveredShare ?? 0;
  }

  forget(trackId: number): void {
    this.#tracks.delete(trackId);
  }

  save(): ReadonlyMap<number, unknown> {
    return new Map(Array.from(this.#tracks, ([trackId, track]) => [trackId, track.save()]));
  }

  restore(state: unknown): void {
    this.#tracks.clear();
    for (const [trackId, saved] of state as ReadonlyMap<number, unknown>) {
      const track = new Track(this.#rig, this.#source);
      track.restore(saved);
      this.#tracks.set(trackId, track);
    }
  }

  /**
   * Swaps one face.
   * @param pixels made by `createPixels`, holding `regionOf`; `out` gets the result
   * @param mesh   in coordinates of the region
   * @param cover  likewise
   */
  apply(trackId: number, pixels: RegionPixels, mesh: FaceMesh, cover?: Cover): void {
    const { before, out } = pixels;
    const { timer = UNTIMED } = this.#options;
    const size = faceWidth(mesh);
    let track = this.#tracks.get(trackId);
    if (!track) this.#tracks.set(trackId, (track = new Track(this.#rig, this.#source)));
    const normals = vertexNormals(this.#rig, mesh, this.#normals);
    const facing = normalZOf(normals, this.#facing);

    track.light.update(
      before,
      mesh,
      normals,
      facing,
      cover && ((weight) => cover.maskWeights(this.#rig, mesh, LIGHT_SIZE, weight)),
    );
    const softness = track.light.softness(before, mesh, facing, size, this.#source.texture);

    let drawn = before;
    let moved = mesh;
    if (this.#options.shapeWeight > 0) {
      timer.enter('warp');
      const { difference, pose } = track.shape.update(mesh);
      const field = createWarpField(
        mesh,
        difference,
        pose,
        facing,
        this.#options.shapeWeight,
        before.width,
        before.height,
        pixels.touches,
      );
      if (field.reach >= LEAST_WARP) {
        moved = moveMesh(field, mesh);
        this.#warp.apply(pixels, field, meshRegion(moved, DRAWN_MARGIN, before.width, before.height));
        drawn = this.#warp.result;
      }
      timer.enter('swap');
    }
    const texture = this.#source.texture.textureFor(size, softness);
    this.#painter.prepare(texture);
    fillVertexAttributes(
      this.#rig,
      moved,
      facing,
      texture.size,
      {
        light: track.light.light,
        suspicion: this.#options.occlusion ? track.light.suspicion : undefined,
        relief: track.light.relief,
        reliefShare: RELIEF_SHARE,
      },
      this.#painter.vertices,
    );
    timer.enter('blend');
    this.#painter.draw(drawn, out, texture, { grain: GRAIN, chroma: CHROMA * track.light.tint });
    timer.enter('swap');
    track.eyes.apply(before, mesh, out, moved);
    cover?.restore(before, out);
  }
}
