/** What the video bench prints as JSON. */
import type { MachineReport } from '../machine.ts';
import type { Check } from '../wanted.ts';
import type { DriftReport } from './drift.ts';
import type { FacePathReport } from './face-paths.ts';
import type { KillReport } from './kills.ts';
import type { MemoryReport } from './memory.ts';
import type { SpeedReport } from './speed.ts';
import type { ThreadsReport } from './threads.ts';
import type { UntouchedReport } from './untouched.ts';

/** Parts that were not asked for are undefined. */
export interface VideoBenchReport {
  readonly machine: MachineReport;
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly minutes: number;
  readonly checks: readonly Check[];
  readonly speed: SpeedReport | undefined;
  readonly facePath: FacePathReport | undefined;
  readonly memory: MemoryReport | undefined;
  readonly untouched: UntouchedReport | undefined;
  readonly kills: KillReport | undefined;
  readonly drift: DriftReport | undefined;
  readonly threads: ThreadsReport | undefined;
}
