/** The sliders that turn the head, within what LivePortrait draws well. */
import type { ResolvedProcessOptions } from '../../core/options.ts';
import type { HeadAngles } from './motion.ts';

/** Degrees at the sliders' upper end, and the largest angle either way. Source: FaceFusion 3.8.1. */
const AT_ONE: HeadAngles = { pitch: -20, yaw: -60, roll: 15 };
const LIMIT: HeadAngles = { pitch: 30, yaw: 60, roll: 20 };

type Sliders = Pick<ResolvedProcessOptions, 'faceEditorHeadPitch' | 'faceEditorHeadYaw' | 'faceEditorHeadRoll'>;

/** The angles after the sliders. A head that was turned further than the limit may stay so. */
export function turnHead(angles: HeadAngles, options: Sliders): HeadAngles {
  const turn = (angle: keyof HeadAngles, slider: number): number => {
    const was = angles[angle];
    const [low, high] = [Math.min(-LIMIT[angle], was), Math.max(LIMIT[angle], was)];
    return Math.min(Math.max(was + AT_ONE[angle] * slider, low), high);
  };
  return {
    pitch: turn('pitch', options.faceEditorHeadPitch),
    yaw: turn('yaw', options.faceEditorHeadYaw),
    roll: turn('roll', options.faceEditorHeadRoll),
  };
}
