// In which order the triangles of a mesh are drawn.

/** Bytes of one vertex: x y z -, light R G B (+ K) and opacity, texture u v, suspicion, skin; all f32. */
export const VERTEX: usize = 48;
/** Twice the smallest area, in pixels, of a triangle that is drawn. */
const LEAST_AREA: f32 = 0.01;

/** Bytes of scratch memory that `draw` needs for this many triangles. */
export function drawScratchBytes(triangleCount: i32): usize {
  // A depth, a key and its double, and the count of each half of a key.
  return <usize>(triangleCount * 12 + 2048);
}

function area(a: usize, b: usize, c: usize): f32 {
  const x = load<f32>(a);
  const y = load<f32>(a, 4);
  return (load<f32>(b) - x) * (load<f32>(c, 4) - y) - (load<f32>(c) - x) * (load<f32>(b, 4) - y);
}

/** One pass of a radix sort of u32 by eight of their bits. */
function sortPass(from: usize, to: usize, count: i32, counts: usize, shift: u32): void {
  memory.fill(counts, 0, 1024);
  for (let i = 0; i < count; i++) {
    const bucket = counts + <usize>(((load<u32>(from + ((<usize>i) << 2)) >> shift) & 255) << 2);
    store<u32>(bucket, load<u32>(bucket) + 1);
  }
  let sum: u32 = 0;
  for (let k = 0; k < 256; k++) {
    const bucket = counts + ((<usize>k) << 2);
    const n = load<u32>(bucket);
    store<u32>(bucket, sum);
    sum += n;
  }
  for (let i = 0; i < count; i++) {
    const key = load<u32>(from + ((<usize>i) << 2));
    const bucket = counts + <usize>(((key >> shift) & 255) << 2);
    const place = load<u32>(bucket);
    store<u32>(bucket, place + 1);
    store<u32>(to + ((<usize>place) << 2), key);
  }
}

/**
 * Triangles that face the camera, farthest first (painter's algorithm): writes keys of which the lower half is the
 * triangle's index. Returns how many.
 */
export function paintOrder(vertices: usize, triangles: usize, triangleCount: i32, scratch: usize): i32 {
  const depths = scratch;
  const keys = depths + ((<usize>triangleCount) << 2);
  const spare = keys + ((<usize>triangleCount) << 2);
  const counts = spare + ((<usize>triangleCount) << 2);
  let total: f64 = 0;
  for (let t = 0; t < triangleCount; t++) {
    const at = triangles + <usize>(t * 6);
    const a = vertices + <usize>load<u16>(at) * VERTEX;
    const b = vertices + <usize>load<u16>(at, 2) * VERTEX;
    const c = vertices + <usize>load<u16>(at, 4) * VERTEX;
    const size = area(a, b, c);
    store<f32>(depths + ((<usize>t) << 2), size);
    total += size;
  }
  const sign: f32 = total < 0 ? -1 : 1;
  let count = 0;
  let near = f32.MAX_VALUE;
  let far = -f32.MAX_VALUE;
  for (let t = 0; t < triangleCount; t++) {
    if (!(load<f32>(depths + ((<usize>t) << 2)) * sign > LEAST_AREA)) continue;
    const at = triangles + <usize>(t * 6);
    const z =
      load<f32>(vertices + <usize>load<u16>(at) * VERTEX, 8) +
      load<f32>(vertices + <usize>load<u16>(at, 2) * VERTEX, 8) +
      load<f32>(vertices + <usize>load<u16>(at, 4) * VERTEX, 8);
    // Never ahead of the reading index, so the areas still to come stay whole.
    store<f32>(depths + ((<usize>count) << 2), z);
    store<u32>(keys + ((<usize>count) << 2), t);
    count++;
    if (z < near) near = z;
    if (z > far) far = z;
  }
  const scale: f32 = far > near ? <f32>65535.0 / (far - near) : 0;
  for (let i = 0; i < count; i++) {
    const at = keys + ((<usize>i) << 2);
    const depth = <u32>((far - load<f32>(depths + ((<usize>i) << 2))) * scale);
    store<u32>(at, load<u32>(at) | (min<u32>(depth, 65535) << 16));
  }
  sortPass(keys, spare, count, counts, 16);
  sortPass(spare, keys, count, counts, 24);
  return count;
}
