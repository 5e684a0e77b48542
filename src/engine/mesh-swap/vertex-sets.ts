/**
 * Groups of vertices of the 468-point face mesh, in MediaPipe's numbering (facts of that topology).
 * Polygons are closed; the first of a pair is the image-left one on an unmirrored frontal face.
 */

export const FACE_OVAL: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
  172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
export const EYE_OPENINGS: readonly (readonly number[])[] = [
  [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
  [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466],
];
/** A ring one vertex outside the lids. */
export const EYE_SURROUNDS: readonly (readonly number[])[] = [
  [226, 31, 228, 229, 230, 231, 232, 233, 244, 189, 221, 222, 223, 224, 225, 113],
  [446, 261, 448, 449, 450, 451, 452, 453, 464, 413, 441, 442, 443, 444, 445, 342],
];
export const BROWS: readonly (readonly number[])[] = [
  [70, 63, 105, 66, 107, 55, 65, 52, 53, 46],
  [300, 293, 334, 296, 336, 285, 295, 282, 283, 276],
];
export const LIPS_OUTER: readonly number[] = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
];
export const LIPS_INNER: readonly number[] = [
  78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
];
/** The nose from its bridge to its wings; their hull is its outline. */
export const NOSE: readonly number[] = [
  168, 6, 197, 195, 5, 4, 1, 2, 193, 122, 196, 174, 217, 198, 131, 49, 48, 64, 98, 97, 417, 351, 419, 399, 437, 420,
  360, 279, 278, 294, 327, 326,
];
/** Nostrils and the base of the nose. */
export const NOSTRILS: readonly number[] = [98, 327, 2];
/** Points that expression moves little: brow ridge, nose bridge, eye corners, temples, jaw. */
export const RIGID: readonly number[] = [
  10, 67, 297, 109, 338, 151, 9, 8, 168, 6, 197, 195, 5, 4, 33, 133, 362, 263, 234, 454, 127, 356, 93, 323, 116, 345,
  50, 280, 132, 361, 58, 288, 48, 278,
];
/** Bare skin on nearly every photo: cheeks, nose bridge, beside the philtrum; never the forehead. */
export const SKIN_SEEDS: readonly number[] = [
  50, 280, 205, 425, 117, 346, 101, 330, 6, 197, 195, 5, 36, 266, 187, 411, 118, 347,
];
export const CHEEKS: readonly number[] = [117, 118, 119, 346, 347, 348, 50, 280];

export const LEFT_TEMPLE = 234;
export const RIGHT_TEMPLE = 454;
export const FOREHEAD_TOP = 10;
export const CHIN = 152;
export const LEFT_EYE_OUTER = 33;
export const RIGHT_EYE_OUTER = 263;
