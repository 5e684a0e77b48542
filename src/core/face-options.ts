/** Options about faces: which to work on, how they are found and followed, what of them is masked. */
import { z } from 'zod';
import { describe, percent, ratio } from './option-meta.ts';

export const FACE_SELECTOR_ORDERS = [
  'left-right',
  'right-left',
  'top-bottom',
  'bottom-top',
  'small-large',
  'large-small',
  'best-worst',
  'worst-best',
] as const;
export const FACE_MASK_REGIONS = [
  'skin',
  'left-eyebrow',
  'right-eyebrow',
  'left-eye',
  'right-eye',
  'glasses',
  'nose',
  'mouth',
  'upper-lip',
  'lower-lip',
] as const;
export type FaceMaskRegion = (typeof FACE_MASK_REGIONS)[number];
export const faceOptions = {
  faceSelectorMode: describe(
    z.enum(['reference', 'one', 'many']).default('reference'),
    'Which faces of the target to work on: `many` all, `one` the first in order, `reference` those that look like the reference face.',
    { group: 'face selector' },
  ),
  faceSelectorOrder: describe(
    z.enum(FACE_SELECTOR_ORDERS).default('large-small'),
    'Order of the faces for `one` and for the reference face position.',
    { group: 'face selector' },
  ),
  faceSelectorGender: describe(z.enum(['female', 'male']).optional(), 'Work on faces of this gender only.', {
    group: 'face selector',
  }),
  faceSelectorAgeStart: describe(z.number().int().min(0).max(100).optional(), 'Youngest age to work on.', {
    group: 'face selector',
    unit: 'years',
  }),
  faceSelectorAgeEnd: describe(z.number().int().min(0).max(100).optional(), 'Oldest age to work on.', {
    group: 'face selector',
    unit: 'years',
  }),
  referenceFacePosition: describe(
    z.number().int().min(0).default(0),
    'Position of the reference face among the faces of the reference frame, counted from 0 in selector order.',
    { group: 'face selector' },
  ),
  referenceFrameNumber: describe(
    z.number().int().min(0).default(0),
    'Frame of the target that shows the reference face.',
    {
      group: 'face selector',
    },
  ),
  referenceFaceDistance: describe(
    ratio().default(0.3),
    'How unlike the reference a face may be: 0 nobody else, 1 everybody.',
    { group: 'face selector' },
  ),
  faceDetectorScore: describe(ratio().default(0.5), 'Lowest score at which a detection counts as a face.', {
    group: 'face selector',
  }),

  faceDetectorModel: describe(
    z.string().min(1).default('mediapipe'),
    'Model that finds faces. `mediapipe` is built in; `many` takes retinaface, scrfd and yolo_face together.',
    {
      group: 'face analysis',
      model: {
        task: 'face-detector',
        embedded: ['mediapipe'],
        sets: { many: ['retinaface', 'scrfd', 'yolo_face'] },
      },
    },
  ),
  faceDetectorAngles: describe(
    z.array(z.number().int().min(0).max(270).multipleOf(90)).min(1).optional(),
    'Turns at which faces are looked for. Default: upright, and the others where nobody stands upright.',
    { group: 'face analysis', unit: 'degrees' },
  ),
  faceDetectorMargin: describe(
    z.array(percent()).min(1).max(4).default([0]),
    'Border that is added around the picture before faces are looked for, at top, right, bottom and left; not for `mediapipe`.',
    { group: 'face analysis', unit: 'percent' },
  ),

  faceLandmarkerModel: describe(
    z.string().min(1).default('mesh'),
    'Model that finds landmarks. `mesh` is built in; `many` takes 2dfan4 and peppa_wutz together.',
    {
      group: 'face analysis',
      model: { task: 'face-landmarker', embedded: ['mesh'], sets: { many: ['2dfan4', 'peppa_wutz'] } },
    },
  ),
  faceLandmarkerScore: describe(ratio().default(0.5), 'Lowest score at which landmarks of such a model are used.', {
    group: 'face analysis',
  }),
  faceRecognizerModel: describe(
    z.string().min(1).default('dlib'),
    'Model that tells people apart. `dlib` is built in.',
    { group: 'face analysis', model: { task: 'face-recognizer', embedded: ['dlib'] } },
  ),
  faceClassifierModel: describe(
    z.string().min(1).default('age_gender'),
    'Model that estimates age and gender. `age_gender` is built in.',
    { group: 'face analysis', model: { task: 'face-classifier', embedded: ['age_gender'] } },
  ),

  faceDetectorSize: describe(
    z.enum(['192x192', '384x384', '576x576']).default('384x384'),
    'Pixels at which a video frame is searched thoroughly now and then: larger finds smaller faces and takes longer.',
    { group: 'face tracker', unit: 'pixels' },
  ),
  faceTrackerInterval: describe(
    z.number().int().min(1).max(250).default(15),
    'Frames of a video between two searches for new faces; cuts and lost faces are searched at once.',
    { group: 'face tracker', unit: 'frames' },
  ),
  faceTrackerSmoothing: describe(
    ratio().default(1),
    'How far the tremble of landmarks is taken out of a video: 0 leaves them as they are found.',
    { group: 'face tracker' },
  ),

  faceMaskTypes: describe(
    z
      .array(z.enum(['box', 'occlusion', 'area', 'region']))
      .min(1)
      .default(['box', 'occlusion']),
    '`box` feathers the border of the face; `occlusion` keeps hair, hands and objects in front; `area` limits to face-mask-areas; `region` to face-mask-regions.',
    { group: 'face mask' },
  ),
  faceMaskAreas: describe(
    z
      .array(z.enum(['upper-face', 'lower-face', 'mouth']))
      .min(1)
      .default(['upper-face', 'lower-face', 'mouth']),
    'Areas of the face to work on, with face-mask-types area.',
    { group: 'face mask' },
  ),
  faceMaskRegions: describe(
    z
      .array(z.enum(FACE_MASK_REGIONS))
      .min(1)
      .default([...FACE_MASK_REGIONS]),
    'Parts of the face to work on, with face-mask-types region. `mesh` knows no glasses; left is the left of the picture there.',
    { group: 'face mask' },
  ),
  faceOccluderModel: describe(
    z.string().min(1).default('hands'),
    'Model that finds what is in front of a face. `hands` is built in; `many` takes the smallest mask of xseg_1, xseg_2 and xseg_3.',
    {
      group: 'face mask',
      model: { task: 'face-occluder', embedded: ['hands'], sets: { many: ['xseg_1', 'xseg_2', 'xseg_3'] } },
    },
  ),
  faceParserModel: describe(
    z.string().min(1).default('mesh'),
    'Model that tells the parts of a face. `mesh` is built in: it reads them off the dense mesh.',
    { group: 'face mask', model: { task: 'face-parser', embedded: ['mesh'] } },
  ),
  faceMaskBlur: describe(ratio().default(0.3), 'Width of the feather at the border, relative to the face.', {
    group: 'face mask',
  }),
  faceMaskPadding: describe(
    z.array(z.number().int().min(0).max(100)).min(1).max(4).default([0]),
    'Cut from the mask at top, right, bottom and left (CSS order).',
    { group: 'face mask', unit: 'percent' },
  ),

  faceMaskQuality: describe(
    z.enum(['fast', 'balanced', 'premium']).default('balanced'),
    'How often a video is searched for hands and objects before a face.',
    { group: 'face mask' },
  ),
} as const;
