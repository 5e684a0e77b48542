/** face-api as its package ships it, with its own TensorFlow.js inside, to compare converted networks with. */
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';

const PACKAGE = new URL('../../node_modules/@vladmandic/face-api/', import.meta.url);

/** A result still inside TensorFlow.js. */
interface Result {
  dataSync(): Float32Array;
}

interface Network {
  loadFromWeightMap(weights: unknown): void;
  /** The network before face-api turns its numbers into objects. */
  forwardInput(input: unknown): Result | Record<string, Result>;
  runNet(input: unknown): Result | Record<string, Result>;
}

interface FaceApi {
  readonly tf: {
    setBackend(name: string): Promise<boolean>;
    tensor3d(values: Float32Array, shape: readonly number[]): unknown;
    readonly io: { decodeWeights(bytes: ArrayBuffer, specs: readonly unknown[]): unknown };
  };
  readonly nets: Readonly<Record<'ageGenderNet' | 'faceRecognitionNet' | 'faceLandmark68Net', Network>>;
  readonly NetInput: new (images: readonly unknown[]) => unknown;
}

/** Runs a network of face-api: RGB pixels 0..255, `size` x `size`, to its raw numbers by name. */
export type RunFaceApi = (
  network: keyof FaceApi['nets'],
  weights: string,
  pixels: Float32Array,
  size: number,
) => Record<string, Float32Array>;

/**
 * The bundle for browsers is the only one that brings its own TensorFlow.js, and inside Node it asks for modules that
 * it does not bring. It therefore runs in a context that looks like a browser without a screen.
 */
export async function loadOriginalFaceApi(): Promise<RunFaceApi> {
  const globals: Record<string, unknown> = { console, performance, setTimeout, clearTimeout, TextEncoder, TextDecoder };
  // Shared, so that the tests' arrays are arrays in there too.
  Object.assign(globals, { ArrayBuffer, Float32Array, Int32Array, Uint8Array, window: globals, document: {} });
  const code = readFileSync(new URL('dist/face-api.js', PACKAGE), 'utf8');
  const faceApi: FaceApi = runInContext(`${code}; faceapi`, createContext(globals));
  await faceApi.tf.setBackend('cpu');
  return (name, weights, pixels, size) => {
    const network = faceApi.nets[name];
    network.loadFromWeightMap(readWeights(faceApi, weights));
    const input = new faceApi.NetInput([faceApi.tf.tensor3d(pixels, [size, size, 3])]);
    const result = name === 'faceLandmark68Net' ? network.runNet(input) : network.forwardInput(input);
    if (isResult(result)) return { output: result.dataSync() };
    return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, value.dataSync()]));
  };
}

function isResult(value: Result | Record<string, Result>): value is Result {
  return typeof value.dataSync === 'function';
}

function readWeights(faceApi: FaceApi, name: string): unknown {
  const read = (file: string): Buffer => readFileSync(new URL(`model/${file}`, PACKAGE));
  const groups: { weights: unknown[] }[] = JSON.parse(read(`${name}-weights_manifest.json`).toString('utf8'));
  const bytes = new Uint8Array(read(`${name}.bin`)).buffer;
  return faceApi.tf.io.decodeWeights(
    bytes,
    groups.flatMap((group) => group.weights),
  );
}
