import { z } from 'zod';
import { describe } from '../option-meta.ts';

export const FACE_DEBUGGER_ITEMS = [
  'bounding-box',
  'face-landmark-5',
  'face-landmark-5/68',
  'face-landmark-68',
  'face-landmark-68/5',
  'face-mesh',
  'face-mask',
  'track-id',
  'score',
  'age',
  'gender',
] as const;

export const faceDebuggerOptions = {
  faceDebuggerItems: describe(
    z.array(z.enum(FACE_DEBUGGER_ITEMS)).min(1).default(['face-landmark-5/68', 'face-mask']),
    'What is drawn over the faces. 5/68 are the five points that the 68 give, 68/5 the 68 that five points alone suggest.',
    { group: 'face debugger' },
  ),
} as const;
