/** The short flags of `facefusion post`, as steps. */
import { AppError } from '../core/errors.ts';
import { parsePostSteps } from '../core/post-steps/post-steps.ts';

interface StepFlags {
  readonly steps?: string;
  readonly convert?: string;
  readonly height?: string;
  readonly videoKbps?: string;
  readonly targetBytes?: string;
  readonly loudness?: string;
  readonly thumbnail?: string;
  readonly hls?: boolean;
}

/** @throws OPTION_INVALID, OPTION_MISSING where nothing is asked for */
export function toPostSteps(flags: StepFlags): unknown[] {
  const number = (name: keyof StepFlags): number | undefined => {
    const text = flags[name];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (typeof text === 'string' && text.trim() !== '' && Number.isFinite(value)) return value;
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new AppError('OPTION_INVALID', `Expected a number for ${flag}, received ${String(text)}.`);
  };
  const [height, videoKbps, targetBytes] = [number('height'), number('videoKbps'), number('targetBytes')];
  const [integratedLufs, width] = [number('loudness'), number('thumbnail')];
  if (height !== undefined && flags.convert === undefined) {
    throw new AppError('OPTION_MISSING', 'Expected --convert beside --height.');
  }
  const steps = [
    ...(flags.steps === undefined ? [] : parseJson(flags.steps)),
    ...(flags.convert === undefined
      ? []
      : [{ type: 'convert', format: flags.convert, ...(height === undefined ? {} : { height }) }]),
    ...(videoKbps === undefined ? [] : [{ type: 'bitrate', videoKbps }]),
    ...(targetBytes === undefined ? [] : [{ type: 'bitrate', targetBytes }]),
    ...(integratedLufs === undefined ? [] : [{ type: 'loudness', integratedLufs }]),
    ...(width === undefined ? [] : [{ type: 'thumbnail', width }]),
    ...(flags.hls ? [{ type: 'hls' }] : []),
  ];
  if (steps.length === 0) {
    throw new AppError('OPTION_MISSING', 'Expected a step, received none.', {
      hint: 'facefusion post clip.mp4 --convert webm --output-folder out',
    });
  }
  // Before a process is started for them.
  parsePostSteps(steps);
  return steps;
}

function parseJson(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch (cause) {
    throw new AppError('OPTION_INVALID', `Expected JSON for --steps: ${(cause as Error).message}.`, { cause });
  }
  throw new AppError('OPTION_INVALID', 'Expected a list for --steps, such as [{"type":"hls"}].');
}
