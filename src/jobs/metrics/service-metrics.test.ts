import { describe, expect, it } from 'vitest';
import { createServiceMetrics } from './service-metrics.ts';

describe('metrics of a service', () => {
  it('counts tries, jobs, frames and model runs', async () => {
    const metrics = createServiceMetrics();
    metrics.taskBegun('chunk', 'normal', 2);
    metrics.taskEnded('chunk', 'retried', 3);
    metrics.taskEnded('chunk', 'completed', 4);
    metrics.jobEnded('failed', 'TARGET_NO_FACE', 9);
    metrics.framesDone(['face_swapper', 'face_enhancer'], 100, 25);
    metrics.inference([{ model: 'face_mesh_attention', provider: 'cpu', runs: 100, seconds: 0.7 }]);
    const page = await metrics.registry.metrics();
    expect(page).toContain('facefusion_task_wait_seconds_sum{kind="chunk",priority="normal"} 2');
    expect(page).toContain('facefusion_task_retries_total{kind="chunk"} 1');
    expect(page).toContain('facefusion_task_run_seconds_count{kind="chunk",outcome="completed"} 1');
    expect(page).toContain('facefusion_jobs_ended_total{outcome="failed",code="TARGET_NO_FACE"} 1');
    expect(page).toContain('facefusion_frames_total{processor="face_enhancer"} 100');
    expect(page).toContain('facefusion_inference_seconds_total{model="face_mesh_attention",provider="cpu"} 0.7');
  });

  it('asks for what is shared at each scrape', async () => {
    const metrics = createServiceMetrics();
    let jobs = 0;
    metrics.onScrape(async (gauges) => gauges.jobs.set({ state: 'queued' }, ++jobs));
    await metrics.registry.metrics();
    expect(await metrics.registry.metrics()).toContain('facefusion_jobs{state="queued"} 2');
  });

  it('counts open streams at each scrape', async () => {
    const metrics = createServiceMetrics();
    let open = 0;
    metrics.countStreams(() => open);
    metrics.countStreams(() => 2);
    expect(await metrics.registry.metrics()).toContain('facefusion_event_streams 2');
    open = 5;
    expect(await metrics.registry.metrics()).toContain('facefusion_event_streams 7');
  });

  it('keeps the metrics of two services apart', async () => {
    const [one, other] = [createServiceMetrics(), createServiceMetrics()];
    one.callback('dead');
    expect(await one.registry.metrics()).toContain('facefusion_callbacks_total{outcome="dead"} 1');
    expect(await other.registry.metrics()).not.toContain('outcome="dead"');
  });
});
