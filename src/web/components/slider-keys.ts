/** Where a slider goes by the key that was pressed, as the ARIA pattern of sliders has it. Pure. */

export interface SliderPlace {
  readonly at: number;
  readonly least: number;
  readonly most: number;
  /** Step of Page Up and Page Down. */
  readonly page: number;
}

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey'>;

/** @returns undefined for other keys; arrows take one step, with Shift ten */
export function sliderTarget({ key, shiftKey }: Pressed, { at, least, most, page }: SliderPlace): number | undefined {
  const by = shiftKey ? 10 : 1;
  const to = {
    ArrowRight: at + by,
    ArrowUp: at + by,
    ArrowLeft: at - by,
    ArrowDown: at - by,
    PageUp: at + page,
    PageDown: at - page,
    Home: least,
    End: most,
  }[key];
  return to === undefined ? undefined : Math.min(most, Math.max(least, to));
}
