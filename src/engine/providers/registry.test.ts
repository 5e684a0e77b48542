import { describe, expect, it } from 'vitest';
import { EXECUTION_PROVIDERS } from '../../core/execution-providers.ts';
import { providerOptions } from '../inference/execution.ts';
import { isForPlatform } from './provider.ts';
import { AUTO_PROVIDERS, PROVIDERS } from './registry.ts';

const request = { deviceId: 1, cacheFolder: '/cache/1.30.0', isHalf: false };

describe('every provider', () => {
  it.each(EXECUTION_PROVIDERS)('%s says what it is, where it exists and how to get it', (id) => {
    const definition = PROVIDERS[id];
    expect(definition.id).toBe(id);
    expect(definition.platforms.length).toBeGreaterThan(0);
    expect(definition.howToGet).toMatch(/^[A-Z]\w+ .+/);
    expect(definition.limits.every((limit) => limit.endsWith('.') || limit.includes('--'))).toBe(true);
    const text = JSON.stringify(definition.sessionOptions(request));
    expect(text.includes('/cache/1.30.0')).toBe(definition.keepsCache);
  });

  it('has the session options of FaceFusion', () => {
    const of = (id: keyof typeof PROVIDERS, isHalf = false) =>
      PROVIDERS[id].sessionOptions({ ...request, isHalf }).provider;
    expect(of('cuda')).toEqual({ deviceId: 1, cudnn_conv_algo_search: 'EXHAUSTIVE' });
    expect(of('tensorrt')).toMatchObject({
      ...{ deviceId: 1, trt_engine_cache_enable: true, trt_timing_cache_enable: true },
      trt_builder_optimization_level: 4,
    });
    expect(of('openvino')).toMatchObject({ device_type: 'GPU.1', precision: 'FP32' });
    expect(PROVIDERS.openvino.sessionOptions({ ...request, deviceId: 0 }).provider.device_type).toBe('GPU');
    expect(of('coreml')).toMatchObject({ coreMlFlags: 0, SpecializationStrategy: 'FastPrediction' });
    // ML program, processor and graphics.
    expect(of('coreml', true)).toMatchObject({ coreMlFlags: 0x30 });
    expect(of('qnn')).toMatchObject({ backendType: 'htp' });
    expect(of('directml')).toEqual({ deviceId: 1 });
    // WebGPU refuses what it does not know.
    expect(of('webgpu')).toEqual({});
  });

  it('is found by platform', () => {
    expect(isForPlatform(PROVIDERS.coreml, 'darwin', 'arm64')).toBe(true);
    expect(isForPlatform(PROVIDERS.coreml, 'linux', 'x64')).toBe(false);
    expect(isForPlatform(PROVIDERS.cuda, 'linux', 'x64')).toBe(true);
    expect(isForPlatform(PROVIDERS.cuda, 'linux', 'arm64')).toBe(false);
    for (const platform of ['linux', 'win32', 'darwin'])
      expect(isForPlatform(PROVIDERS.cpu, platform, 'x64')).toBe(true);
  });

  it('auto takes none that builds engines anew in every run, and not the processor itself', () => {
    expect(AUTO_PROVIDERS).not.toContain('tensorrt');
    expect(AUTO_PROVIDERS).not.toContain('cpu');
  });
});

describe('options of a session', () => {
  it('name the providers in order, by the names of ONNX Runtime, with what one of them asks of the session', async () => {
    const options = await providerOptions({ providers: ['directml', 'webgpu', 'cpu'], deviceId: 2 }, '1.30.0', false);
    expect(options).toEqual({
      executionProviders: [{ name: 'dml', deviceId: 2 }, { name: 'webgpu' }, { name: 'cpu' }],
      ...{ enableMemPattern: false, executionMode: 'sequential' },
    });
  });
});
