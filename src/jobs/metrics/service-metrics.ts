/**
 * What a service says of itself to Prometheus. Every name, label and unit stands here once; dashboards and alert rules in
 * `deploy/` are checked against it (`test/deploy`). Labels are bounded: no ids, no names, no tenants.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** From a warm photo to a film, in seconds. */
const RUN_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14_400];
/** From at once to hours behind, in seconds. */
const WAIT_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 900, 3600, 14_400];
const REQUEST_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** A model as it was used in one run. */
export interface UsedInference {
  readonly model: string;
  readonly provider: string;
  readonly runs: number;
  readonly seconds: number;
}

export interface ServiceMetrics {
  readonly registry: Registry;
  /** A task was begun by a worker of this process. */
  taskBegun(kind: string, priority: string, waitSeconds: number): void;
  taskEnded(kind: string, outcome: 'completed' | 'failed' | 'retried' | 'cancelled', seconds: number): void;
  jobEnded(outcome: 'completed' | 'failed' | 'cancelled', code: string, seconds: number): void;
  /** Frames that a run has worked through, for each of its processors. */
  framesDone(processors: readonly string[], frames: number, framesPerSecond: number | undefined): void;
  inference(used: readonly UsedInference[]): void;
  request(route: string, method: string, status: number, seconds: number): void;
  callback(outcome: 'delivered' | 'retried' | 'dead'): void;
  /** One measure of an output that was sampled, as `evaluate` gives it. */
  quality(measure: string, value: number): void;
  /** Counts event streams of this process at each scrape, over all that were given. */
  countStreams(open: () => number): void;
  /** Asked for at each scrape: what only the store and the queue know. */
  onScrape(collect: (gauges: StateGauges) => Promise<void>): void;
}

/** Set at each scrape. */
export interface StateGauges {
  readonly jobs: Gauge<'state'>;
  readonly tasks: Gauge<'lane' | 'state'>;
  readonly oldestSeconds: Gauge<'lane'>;
  readonly workers: Gauge<'state'>;
  readonly paused: Gauge;
  readonly callbacks: Gauge<'state'>;
  readonly gpuUtilisation: Gauge<'gpu'>;
  readonly gpuMemory: Gauge<'gpu' | 'kind'>;
}

/** Creates the metrics of one process, with those of Node. */
export function createServiceMetrics(): ServiceMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const wait = new Histogram({
    name: 'facefusion_task_wait_seconds',
    help: 'From when a task could have been begun to when a worker began it',
    labelNames: ['kind', 'priority'],
    buckets: WAIT_SECONDS,
    registers,
  });
  const run = new Histogram({
    name: 'facefusion_task_run_seconds',
    help: 'One try of a task on a worker',
    labelNames: ['kind', 'outcome'],
    buckets: RUN_SECONDS,
    registers,
  });
  const retries = new Counter({
    name: 'facefusion_task_retries_total',
    help: 'Tries of tasks that were not their last',
    labelNames: ['kind'],
    registers,
  });
  const job = new Histogram({
    name: 'facefusion_job_seconds',
    help: 'From submission to the end of a job',
    labelNames: ['outcome'],
    buckets: RUN_SECONDS,
    registers,
  });
  const ended = new Counter({
    name: 'facefusion_jobs_ended_total',
    help: 'Jobs that ended, by how and with which error',
    labelNames: ['outcome', 'code'],
    registers,
  });
  const frames = new Counter({
    name: 'facefusion_frames_total',
    help: 'Frames and photos that were worked through',
    labelNames: ['processor'],
    registers,
  });
  const speed = new Gauge({
    name: 'facefusion_frames_per_second',
    help: 'Frames a second of the last run, by processor',
    labelNames: ['processor'],
    registers,
  });
  const inferenceRuns = new Counter({
    name: 'facefusion_inference_runs_total',
    help: 'Runs of a model',
    labelNames: ['model', 'provider'],
    registers,
  });
  const inferenceSeconds = new Counter({
    name: 'facefusion_inference_seconds_total',
    help: 'Time spent in runs of a model',
    labelNames: ['model', 'provider'],
    registers,
  });
  const requests = new Histogram({
    name: 'facefusion_http_request_seconds',
    help: 'Requests to the API',
    labelNames: ['route', 'method', 'status'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  const callbacks = new Counter({
    name: 'facefusion_callbacks_total',
    help: 'Tries to deliver a callback',
    labelNames: ['outcome'],
    registers,
  });
  const quality = new Histogram({
    name: 'facefusion_quality',
    help: 'Measures of sampled outputs, in the units of `facefusion evaluate`',
    labelNames: ['measure'],
    buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.1, 1.2, 1.5, 2, 30, 35, 40, 45],
    registers,
  });
  const eventStreams = new Gauge({ name: 'facefusion_event_streams', help: 'Open event streams', registers });

  const gauges: StateGauges = {
    jobs: new Gauge({ name: 'facefusion_jobs', help: 'Jobs by state', labelNames: ['state'], registers }),
    tasks: new Gauge({
      name: 'facefusion_tasks',
      help: 'Tasks by lane and state',
      labelNames: ['lane', 'state'],
      registers,
    }),
    oldestSeconds: new Gauge({
      name: 'facefusion_queue_oldest_seconds',
      help: 'For how long the oldest waiting task of a lane has been ready',
      labelNames: ['lane'],
      registers,
    }),
    workers: new Gauge({ name: 'facefusion_workers', help: 'Live workers by state', labelNames: ['state'], registers }),
    paused: new Gauge({ name: 'facefusion_queue_paused', help: '1 while the queue is paused', registers }),
    callbacks: new Gauge({
      name: 'facefusion_callbacks',
      help: 'Callbacks by state',
      labelNames: ['state'],
      registers,
    }),
    gpuUtilisation: new Gauge({
      name: 'facefusion_gpu_utilisation_ratio',
      help: 'Share of time in which the GPU was busy, 0..1, as nvidia-smi says',
      labelNames: ['gpu'],
      registers,
    }),
    gpuMemory: new Gauge({
      name: 'facefusion_gpu_memory_bytes',
      help: 'Memory of the GPU, as nvidia-smi says',
      labelNames: ['gpu', 'kind'],
      registers,
    }),
  };
  const streams: (() => number)[] = [];
  const collectors: ((gauges: StateGauges) => Promise<void>)[] = [];
  // Any of the gauges may carry the hook: all of them are asked for together.
  const metrics = registry.metrics.bind(registry);
  registry.metrics = async () => {
    eventStreams.set(streams.reduce((sum, open) => sum + open(), 0));
    for (const collect of collectors) await collect(gauges);
    return metrics();
  };

  return {
    registry,
    taskBegun: (kind, priority, seconds) => wait.observe({ kind, priority }, Math.max(0, seconds)),
    taskEnded(kind, outcome, seconds) {
      run.observe({ kind, outcome }, seconds);
      if (outcome === 'retried') retries.inc({ kind });
    },
    jobEnded(outcome, code, seconds) {
      job.observe({ outcome }, seconds);
      ended.inc({ outcome, code });
    },
    framesDone(processors, count, framesPerSecond) {
      for (const processor of processors) {
        frames.inc({ processor }, count);
        if (framesPerSecond !== undefined) speed.set({ processor }, framesPerSecond);
      }
    },
    inference(used) {
      for (const { model, provider, runs, seconds } of used) {
        inferenceRuns.inc({ model, provider }, runs);
        inferenceSeconds.inc({ model, provider }, seconds);
      }
    },
    request: (route, method, status, seconds) => requests.observe({ route, method, status: String(status) }, seconds),
    callback: (outcome) => callbacks.inc({ outcome }),
    quality: (measure, value) => quality.observe({ measure }, value),
    countStreams: (open) => void streams.push(open),
    onScrape: (collect) => void collectors.push(collect),
  };
}
