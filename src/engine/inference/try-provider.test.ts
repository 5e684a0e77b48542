import { describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../../scripts/build-models/onnx-graph.ts';
import { TRIAL_GRAPH, tryProvider } from './try-provider.ts';

describe('the trial of a provider', () => {
  it('runs the network that it says', () => {
    const graph = new OnnxGraph();
    const shape = [1, 64, 128, 128];
    let x = graph.input('input', shape);
    const zeros = graph.node('ConstantOfShape', [graph.int64([64, 64, 3, 3])]);
    const weights = graph.node('Add', [zeros, graph.scalar(1 / (64 * 9))]);
    for (let layer = 0; layer < 4; layer++) x = graph.node('Conv', [x, weights], { pads: [1, 1, 1, 1] });
    graph.output('output', x, shape);
    expect(Buffer.from(graph.toBytes()).toString('base64')).toBe(TRIAL_GRAPH);
  });

  it('passes on the processor', async () => {
    expect((await tryProvider('cpu')).milliseconds).toBeGreaterThan(0);
  });

  it('fails on what this ONNX Runtime has never heard of, with its words', async () => {
    await expect(tryProvider('rocm')).rejects.toThrow(/rocm/);
  });
});
