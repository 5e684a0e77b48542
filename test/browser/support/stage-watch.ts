/** Looks at the stage at every frame that the browser draws: what it claims, and what its pixels are of. */
import type { Page } from 'playwright-core';
import { CODE } from './clips.ts';

/** What could be seen at once. */
export interface StageLook {
  /** Frame that is written over the picture. */
  readonly label: number | undefined;
  /** Frame that the pixels of a picture are of, by the squares in them; one a picture that is drawn. */
  readonly pixels: readonly number[];
  readonly shows: string | undefined;
  readonly quality: string | undefined;
  /** A picture is in its place, but nothing of it is drawn. */
  readonly isBlank: boolean;
}

declare global {
  interface Window {
    stageLooks: StageLook[];
  }
}

/** Begins to look. Looks that are the same as the one before are not told again. */
export async function watchStage(page: Page): Promise<void> {
  await page.evaluate((code) => {
    const canvas = document.createElement('canvas');
    canvas.width = code.width;
    canvas.height = code.height;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const numberIn = (image: HTMLCanvasElement): number => {
      if (!context) throw new Error('There is no canvas.');
      context.drawImage(image, 0, 0, code.width, code.height);
      let number = 0;
      for (let bit = 0; bit < code.bits; bit++) {
        const [light = 0] = context.getImageData(code.side / 2, code.top + (bit + 0.5) * code.side, 1, 1).data;
        if (light > 127) number += 2 ** bit;
      }
      return number;
    };
    window.stageLooks = [];
    let before = '';
    const look = (): void => {
      requestAnimationFrame(look);
      const images = [...document.querySelectorAll<HTMLCanvasElement>('main .stage-picture > canvas')];
      const drawn = images.filter(({ width }) => width > 0);
      const label = document.querySelector<HTMLElement>('[data-frame]')?.dataset.frame;
      const now = {
        label: label === undefined ? undefined : Number(label),
        pixels: drawn.map(numberIn),
        shows: document.querySelector<HTMLElement>('[data-shows]')?.dataset.shows,
        quality: document.querySelector<HTMLElement>('[data-quality]')?.dataset.quality,
        isBlank: drawn.length < images.length,
      };
      if (JSON.stringify(now) === before) return;
      before = JSON.stringify(now);
      window.stageLooks.push(now);
    };
    look();
  }, CODE);
}

/** All looks since the last call, or since the beginning. */
export const takeLooks = (page: Page): Promise<readonly StageLook[]> =>
  page.evaluate(() => window.stageLooks.splice(0));

/** Looks that claim a frame that their pixels are not of. */
export const lies = (looks: readonly StageLook[]): readonly StageLook[] =>
  looks.filter(({ label, pixels, isBlank }) => isBlank || pixels.some((number) => number !== label));
