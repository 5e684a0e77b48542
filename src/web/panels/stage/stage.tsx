/** The picture: original and result, zoomed and moved together. */
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { language, t } from '../../i18n/i18n.ts';
import { visibleSize } from '../../state/geometry.ts';
import { comparedPresets } from '../../state/preset-pictures.ts';
import { shownMode, stageColour } from '../../state/stage.ts';
import { canPan, currentScale, fitting, pan, paneSize, pictureSize } from '../../state/zoom.ts';
import { followGestures } from './gestures.ts';
import { StageOutcome } from './outcome.tsx';
import { Pane } from './pane.tsx';
import { PresetPane } from './preset-pane.tsx';
import { StageTwin } from './stage-twin.tsx';
import { shownPane } from './what-is-shown.ts';
import { Zoomer } from './zoomer.tsx';

export function Stage(): JSX.Element {
  const stage = useRef<HTMLDivElement | null>(null);
  const twin = useId();
  const isSide = shownMode.value === 'side';
  const isGrid = shownMode.value === 'presets';
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const pane = element.querySelector('.stage-pane');
      if (pane) paneSize.value = { width: pane.clientWidth, height: pane.clientHeight };
    });
    observer.observe(element);
    const pane = element.querySelector('.stage-pane');
    if (pane) observer.observe(pane);
    const stop = followGestures(element);
    return () => {
      observer.disconnect();
      stop();
    };
  }, [isSide, isGrid]);
  // Straight into the style: nothing is drawn anew while a picture moves, only placed.
  useSignalEffect(() => {
    const style = stage.current?.style;
    if (!style) return;
    const { width, height } = pictureSize.value;
    const seen = visibleSize(currentScale.value, paneSize.value, pictureSize.value);
    const set = (name: string, value: number, unit = 'px'): void => style.setProperty(name, `${value}${unit}`);
    set('--w', width * fitting.value);
    set('--h', height * fitting.value);
    set('--vw', seen.width);
    set('--vh', seen.height);
    set('--z', currentScale.value / fitting.value, '');
    set('--tx', -pan.value.x * currentScale.value);
    set('--ty', -pan.value.y * currentScale.value);
  });
  void language.value;
  return (
    <section
      ref={stage}
      class={`stage ${stageColour.value} ${isSide ? 'is-side' : isGrid ? 'is-grid' : ''} ${canPan.value ? 'can-pan' : ''}`}
      aria-label={t('stage.title')}
      aria-describedby={twin}
      data-drop="target"
    >
      {isGrid ? (
        <>
          <Pane shows="original" isLabelled />
          {comparedPresets.value.map((preset) => (
            <PresetPane key={preset.name} preset={preset} />
          ))}
        </>
      ) : isSide ? (
        <>
          <Pane shows="original" isLabelled />
          <Pane shows="result" isLabelled />
        </>
      ) : (
        <Pane shows={shownPane.value} isLabelled={false} />
      )}
      <Zoomer />
      <StageOutcome />
      <StageTwin id={twin} />
    </section>
  );
}
