import { type CatalogueModel, defineModel, licenceOf, pictureTensor } from './catalogue-model.ts';

/** What a frame enhancer needs besides its tensors. */
export interface FrameEnhancerFacts {
  /** Factor by which width and height grow. */
  readonly scale: number;
  /** Edge of a tile, border around the picture, and what neighbouring tiles share at each side, in pixels. */
  readonly tile: { readonly size: number; readonly pad: number; readonly overlap: number };
}

type Tile = readonly [size: number, pad: number, overlap: number];
const SMALL: Tile = [128, 8, 4];
const LARGE: Tile = [256, 16, 8];

const enhancer = (
  id: string,
  release: string,
  [size, pad, overlap]: Tile,
  scale: number,
  vendor: string,
  year: number,
  licence: string,
): CatalogueModel<FrameEnhancerFacts> =>
  defineModel<FrameEnhancerFacts>({
    ...{ id, task: 'frame-enhancer', file: `${id}.onnx`, release: `models-${release}`, vendor, year },
    licence: licenceOf(licence),
    inputs: [pictureTensor('input', [size, size], { range: '0..1' })],
    outputs: [pictureTensor('output', [size * scale, size * scale], { range: '0..1' })],
    facts: { scale, tile: { size, pad, overlap } },
  });

/** Models that enlarge a whole frame, tile by tile. Source: FaceFusion 3.8.1. */
export const FRAME_ENHANCERS: readonly CatalogueModel<FrameEnhancerFacts>[] = [
  enhancer('clear_reality_x4', '3.0.0', SMALL, 4, 'Kim2091', 2023, 'Non-Commercial'),
  enhancer('face_dat_x4', '3.5.0', SMALL, 4, 'Helaman', 2023, 'CC-BY-4.0'),
  enhancer('nomos8k_sc_x4', '3.0.0', SMALL, 4, 'Phhofm', 2023, 'CC-BY-4.0'),
  enhancer('real_esrgan_x2', '3.0.0', LARGE, 2, 'xinntao', 2021, 'BSD-3-Clause'),
  enhancer('real_esrgan_x2_fp16', '3.0.0', LARGE, 2, 'xinntao', 2021, 'BSD-3-Clause'),
  enhancer('real_esrgan_x4', '3.0.0', LARGE, 4, 'xinntao', 2021, 'BSD-3-Clause'),
  enhancer('real_esrgan_x4_fp16', '3.0.0', LARGE, 4, 'xinntao', 2021, 'BSD-3-Clause'),
  enhancer('real_esrgan_x8', '3.0.0', LARGE, 8, 'xinntao', 2021, 'BSD-3-Clause'),
  enhancer('real_esrgan_x8_fp16', '3.0.0', LARGE, 8, 'xinntao', 2021, 'BSD-3-Clause'),
  enhancer('real_hatgan_x4', '3.0.0', LARGE, 4, 'XPixelGroup', 2023, 'Apache-2.0'),
  enhancer('real_web_photo_x4', '3.1.0', [64, 4, 2], 4, 'Helaman', 2024, 'CC-BY-4.0'),
  enhancer('realistic_rescaler_x4', '3.1.0', SMALL, 4, 'Mutin Choler', 2023, 'WTFPL'),
  enhancer('remacri_x4', '3.1.0', SMALL, 4, 'FoolhardyVEVO', 2021, 'Non-Commercial'),
  enhancer('siax_x4', '3.1.0', SMALL, 4, 'NMKD', 2021, 'WTFPL'),
  enhancer('span_kendata_x4', '3.0.0', SMALL, 4, 'terrainer', 2024, 'Non-Commercial'),
  enhancer('swin2_sr_x4', '3.1.0', SMALL, 4, 'mv-lab', 2022, 'Apache-2.0'),
  enhancer('tghq_face_x8', '3.5.0', SMALL, 8, 'TorrentGuy', 2019, 'GPL-3.0'),
  enhancer('ultra_sharp_x4', '3.0.0', SMALL, 4, 'Kim2091', 2021, 'Non-Commercial'),
  enhancer('ultra_sharp_2_x4', '3.3.0', [1024, 64, 32], 4, 'Kim2091', 2025, 'Non-Commercial'),
];
