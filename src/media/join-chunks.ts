/** THIN */
import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type MuxSettings, muxOutput } from './mux-output.ts';
export interface JoinOptions extends Omit<MuxSettings, 'videoPath' | 'isList' | 'startSeconds' | 'trimSeconds'> {
  readonly chunks: readonly { path: string; firstSeconds: number; frames: number }[];
  readonly endSeconds: number;
  readonly trim: boolean;
}
export async function joinChunks(o: JoinOptions): Promise<void> {
  const first = o.chunks[0]!;
  const list = join(dirname(first.path), 'list.ffconcat');
  await writeFile(
    list,
    `ffconcat version 1.0\n${o.chunks
      .map(
        (c, i) =>
          `file '${c.path}'\nduration ${((o.chunks[i + 1]?.firstSeconds ?? o.endSeconds) - c.firstSeconds).toFixed(6)}`,
      )
      .join('\n')}\n`,
  );
  await muxOutput({
    ...o,
    videoPath: list,
    isList: true,
    outputPath: `${o.outputPath}.mux`,
    startSeconds: Math.max(0, first.firstSeconds),
    trimSeconds: o.trim ? { start: first.firstSeconds, duration: o.endSeconds - first.firstSeconds } : undefined,
  });
  await rename(`${o.outputPath}.mux`, o.outputPath);
}
