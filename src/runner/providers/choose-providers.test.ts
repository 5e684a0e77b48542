import { afterEach, describe, expect, it, vi } from 'vitest';
import { refusal } from '../../../test/helpers/make-media.ts';
import type { ExecutionProviderId } from '../../core/execution-providers.ts';
import { isForPlatform } from '../../engine/providers/provider.ts';
import { PROVIDERS } from '../../engine/providers/registry.ts';
import { chooseProviders } from './choose-providers.ts';
import { executionOf, onDevice } from './execution-of.ts';
import { tryAllInChild, tryInChild } from './trial-child.ts';

/** A machine on which these providers work, as fast as it says; asks are written down. */
function machine(milliseconds: Partial<Record<ExecutionProviderId, number>>) {
  const asked: string[] = [];
  const tryProvider = async (id: ExecutionProviderId, deviceId: number) => {
    asked.push(`${id}:${deviceId}`);
    const time = milliseconds[id];
    return time === undefined
      ? ({ works: false, reason: `no ${id}` } as const)
      : ({ works: true, milliseconds: time } as const);
  };
  return { asked, tryProvider };
}

const named = (executionProviders: string[], executionDeviceIds = [0]) =>
  ({ executionProviders, executionDeviceIds }) as Parameters<typeof chooseProviders>[0];

/** One that `auto` would try here. */
const GRAPHICS = (['cuda', 'webgpu', 'coreml'] as const).find((id) => isForPlatform(PROVIDERS[id]))!;

describe('providers that are named', () => {
  it('are tried on every device, in order, but for the processor', async () => {
    const { asked, tryProvider } = machine({ cuda: 1, tensorrt: 1 });
    expect(await chooseProviders(named(['tensorrt', 'cuda', 'cpu', 'cuda'], [0, 1]), tryProvider)).toEqual([
      ...['tensorrt', 'cuda', 'cpu'],
    ]);
    expect(asked).toEqual(['tensorrt:0', 'tensorrt:1', 'cuda:0', 'cuda:1']);
  });

  it('never fall back: one that fails ends the run with the reason and what to install', async () => {
    const { tryProvider } = machine({ [GRAPHICS]: 1 });
    const error = await refusal(chooseProviders(named([GRAPHICS, 'xnnpack', 'cpu']), tryProvider));
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', exitCode: 6, details: { provider: 'xnnpack' } });
    expect(error.message).toContain('no xnnpack');
    expect(error.hint).toContain('--use_xnnpack');
    expect(error.hint).toContain('facefusion doctor');
  });

  it('cost nothing where only the processor is', async () => {
    const { asked, tryProvider } = machine({});
    expect(await chooseProviders(named(['cpu']), tryProvider)).toEqual(['cpu']);
    expect(asked).toEqual([]);
  });
});

describe('auto', () => {
  it('takes the fastest that works', async () => {
    expect(await chooseProviders(named(['auto']), machine({ [GRAPHICS]: 2, cpu: 50 }).tryProvider)).toEqual([GRAPHICS]);
  });

  it('leaves graphics that are drawn in software alone', async () => {
    expect(await chooseProviders(named(['auto']), machine({ [GRAPHICS]: 200, cpu: 50 }).tryProvider)).toEqual(['cpu']);
  });

  it('is the processor where nothing else works', async () => {
    expect(await chooseProviders(named(['auto']), machine({}).tryProvider)).toEqual(['cpu']);
  });

  it('stands alone', async () => {
    const error = await refusal(chooseProviders(named(['auto', 'cuda']), machine({}).tryProvider));
    expect(error).toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('auto cuda') });
  });
});

describe('what sessions use', () => {
  it('is the first device, and of several threads each takes the next', () => {
    const options = named(['cuda', 'cpu'], [3, 5]);
    expect(executionOf(options)).toEqual({ providers: ['cuda', 'cpu'], deviceId: 3 });
    const ids = [0, 1, 2].map((thread) => executionOf(onDevice(options as never, thread)).deviceId);
    expect(ids).toEqual([3, 5, 3]);
  });
});

describe('a trial in a process of its own', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('of several goes on behind one whose driver ends the process', async () => {
    const dies = `const write = process.stderr.write;
      process.stderr.write = (text) => (text.trim() === 'qnn' ? process.kill(process.pid, 'SIGKILL') : write.call(process.stderr, text));`;
    vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(dies)}`);
    const outcomes = await tryAllInChild(['xnnpack', 'qnn', 'cpu'], 0);
    expect([...outcomes]).toEqual([
      ['xnnpack', expect.objectContaining({ works: false, fault: 'not-built' })],
      ['qnn', { works: false, reason: 'its trial was ended by SIGKILL', fault: 'ended' }],
      ['cpu', { works: true, milliseconds: expect.any(Number) }],
    ]);
  });

  it('passes on the processor', async () => {
    expect(await tryInChild('cpu', 0)).toMatchObject({ works: true });
  });

  it('says in one line, without paths, why a provider does not work', async () => {
    const outcome = await tryInChild('xnnpack', 0);
    expect(outcome).toEqual({
      works: false,
      reason: 'the installed onnxruntime-node is built without it',
      fault: 'not-built',
    });
    const cuda = await tryInChild('cuda', 0);
    if (cuda.works) return;
    expect(cuda.reason).not.toMatch(/\n|\/onnxruntime_src|node_modules/);
    if (process.platform === 'linux' && process.arch === 'x64')
      expect(cuda.reason).toMatch(/\.so\S* could not be loaded|CUDA/);
  });
});
