import type { ProcessResult } from '../runner/process-result.ts';
import type { Terminal } from './terminal.ts';

const seconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} s`;

/** Why frames are as they came, in words. */
const UNCHANGED: Readonly<Record<string, string>> = {
  'no-face': 'showed no face to work on',
  turned: 'had a face turned too far',
  small: 'had a face too small',
  uncertain: 'had a face that could not be followed surely',
  'invalid-output': 'are as they were, since a model gave numbers that are no picture',
};

/** Stages and their seconds, largest first: `process 5.21 s · decode 2.10 s`. */
export function describeTiming(timing: ProcessResult['timing']): string {
  const stages = Object.entries(timing.stages)
    .filter(([, value]) => value >= 0.005)
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => `${name} ${seconds(value)}`);
  const fps = timing.framesPerSecond === undefined ? '' : `, ${timing.framesPerSecond.toFixed(1)} fps`;
  return `Took ${seconds(timing.totalSeconds)}${fps}: ${stages.join(' · ')}`;
}

/** Says what a run did: a few lines for people, the output path on stdout; or the whole result as JSON. */
export function showResult(terminal: Terminal, result: ProcessResult): void {
  for (const note of result.notes) terminal.note(note);
  terminal.result('process', { ...result }, () => {
    for (const line of describeResult(result)) terminal.say(line);
    // A chunk alone is no output yet.
    if (result.outcome !== 'chunk') terminal.data(result.outputPath);
  });
}

function describeResult({ outcome, kind, frames, timing, width, height, providers }: ProcessResult): string[] {
  if (outcome === 'copied') return ['No face to work on; the target was copied.', describeTiming(timing)];
  const lines =
    kind === 'image'
      ? [`Wrote a photo of ${width}x${height}.`]
      : [
          outcome === 'chunk'
            ? `Made one chunk, kept for the run that joins all; ${frames.changed} of ${frames.total} frames changed.`
            : `Wrote a video of ${width}x${height}; ${frames.changed} of ${frames.total} frames changed.`,
        ];
  for (const [reason, count] of Object.entries(frames.leftAlone)) {
    if (kind === 'video') lines.push(`  ${count} frames ${UNCHANGED[reason] ?? reason}`);
  }
  return [...lines, `Ran on ${providers.join(', then ')}.`, describeTiming(timing)];
}
