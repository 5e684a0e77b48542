/** What a runner can do. Another task is one more file and one more line here. */
import { addModelTask } from './add-model-task.ts';
import { chunksTask } from './chunks-task.ts';
import { evaluateTask } from './evaluate-task.ts';
import { facesTask } from './faces-task.ts';
import { joinTask } from './join-task.ts';
import { liveTask } from './live-task.ts';
import { peopleTask } from './people-task.ts';
import { postTask } from './post-task.ts';
import { previewTask } from './preview-task.ts';
import { processTask } from './process-task.ts';
import type { RunnerTask } from './runner-task.ts';
import { verifyTask } from './verify-task.ts';
import { warmTask } from './warm-task.ts';

const TASKS = [
  processTask,
  previewTask,
  facesTask,
  peopleTask,
  verifyTask,
  evaluateTask,
  chunksTask,
  postTask,
  joinTask,
  warmTask,
  liveTask,
  addModelTask,
] as const;

type Task = (typeof TASKS)[number];
export type TaskName = Task['name'];
type TaskOf<Name extends TaskName> = Extract<Task, { readonly name: Name }>;

/** What a task is asked with: its name, and its parameters beside it. */
export type TaskRequest<Name extends TaskName = TaskName> = Name extends TaskName
  ? TaskOf<Name> extends RunnerTask<Name, infer Parameters, infer _Result>
    ? { readonly name: Name } & Parameters
    : never
  : never;

export type TaskResult<Name extends TaskName> =
  TaskOf<Name> extends RunnerTask<Name, infer _Parameters, infer Result> ? Result : never;

export const TASK_NAMES = TASKS.map(({ name }) => name) as readonly TaskName[];

/** The task of a name, for callers that only know its parameters and result as JSON. */
export function taskOf(name: TaskName): RunnerTask<TaskName, unknown, unknown> {
  return TASKS.find((task) => task.name === name) as RunnerTask<TaskName, unknown, unknown>;
}
