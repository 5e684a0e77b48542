/** What the run and the threads that work on faces say to each other. Both are the same program: nothing is parsed. */
import type { AppErrorJson } from '../../core/errors.ts';
import type { I420Frame } from '../../core/image.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import type { FrameTime, Note } from '../../engine/processors/processor.ts';
import type { ChosenFace } from '../../trust/face-chooser.ts';
import type { WorkedFrame } from '../../trust/frame-counts.ts';
import type { UsedModel } from '../process-result.ts';

/** What a thread is started with. */
export interface WorkerData {
  readonly options: ResolvedProcessOptions;
  readonly modelDirectory: string;
}

export type Request =
  | {
      readonly type: 'process';
      readonly id: number;
      /** In shared memory. */
      readonly frame: I420Frame;
      readonly faces: readonly ChosenFace[];
      readonly time: FrameTime;
    }
  | { readonly type: 'forget'; readonly trackId: number }
  | { readonly type: 'save'; readonly id: number }
  | { readonly type: 'restore'; readonly id: number; readonly state: unknown }
  | { readonly type: 'close' };

export interface Ready {
  readonly type: 'ready';
  /** Ids of the processors, in order. */
  readonly processors: readonly string[];
  readonly notes: readonly Note[];
}

export type Answer =
  | Ready
  | { readonly type: 'answer'; readonly id: number; readonly value: WorkedFrame | unknown }
  /** Without an id: the thread could not open. */
  | { readonly type: 'error'; readonly id?: number; readonly error: AppErrorJson }
  | { readonly type: 'closed'; readonly models: readonly UsedModel[] };
