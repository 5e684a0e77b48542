/** The options that most people change; the others are one click away. */
import type { JSX } from 'preact';
import { allOptionsAction } from '../../actions/options.ts';
import { type Choice, Slider, Toggle } from '../../components/controls.tsx';
import { Select } from '../../components/select.tsx';
import { formatNumber, type TextKey, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { assets } from '../../state/assets.ts';
import type { ProcessorId } from '../../state/catalogue.ts';
import { project } from '../../state/document.ts';
import { setOutput } from '../../state/edit.ts';
import { PHOTO_FORMATS, VIDEO_FORMATS } from '../../state/output-name.ts';
import { baseOf, optionValue, processors, setOption, setProcessor, shownSpecs } from '../../state/presets.ts';
import { scope } from '../../state/range-settings.ts';
import { allOptionsOpen } from '../../state/view.ts';

const Processor = ({ id, label }: { readonly id: ProcessorId; readonly label: TextKey }): JSX.Element => (
  <div class="opt-row">
    <span class="label">{t(label)}</span>
    <Toggle label={t(label)} on={processors.value.includes(id)} onChange={(on) => setProcessor(id, on)} />
  </div>
);

const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

/** What a preset never says: there until the service has told its own. */
const BLEND_PERCENT = 80;

const SIZES = [0.5, 1, 1.5, 2, 4] as const;

/** Size and format: no range has them of its own. */
function OfTheWholeVideo(): JSX.Element {
  const document = project.value.value;
  const media = document.target === undefined ? undefined : assets.value.get(document.target)?.media;
  const isVideo = media?.kind === 'video';
  const scale = isVideo ? 'outputVideoScale' : 'outputImageScale';
  const formats: readonly string[] = isVideo ? VIDEO_FORMATS : PHOTO_FORMATS;
  const format = document.output.format;
  return (
    <>
      <div class="opt">
        <Processor id="frame_enhancer" label="option.frameEnhancer" />
      </div>
      <div class="opt">
        <div class="opt-row">
          <span class="label">{t('option.size')}</span>
          <Select
            label={t('option.size')}
            value={String(optionValue(scale) ?? 1)}
            choices={SIZES.map(
              (factor): Choice<string> => ({
                value: String(factor),
                label: factor === 1 ? t('option.size.same') : sizeOf(factor, media),
              }),
            )}
            onChange={(value) => setOption(scale, Number(value))}
          />
        </div>
      </div>
      <div class="opt">
        <div class="opt-row">
          <span class="label">{t('option.format')}</span>
          <Select
            label={t('option.format')}
            value={format !== undefined && formats.includes(format) ? format : ''}
            choices={[
              { value: '', label: t('option.format.same') },
              ...formats.map((value): Choice<string> => ({ value, label: value.toUpperCase() })),
            ]}
            onChange={(value) => setOutput({ format: value === '' ? undefined : value })}
          />
        </div>
      </div>
    </>
  );
}

export function Options(): JSX.Element {
  const count = shownSpecs.value.length;
  return (
    <section>
      <div class="h">
        <h2>{t('options.title')}</h2>
      </div>
      <div class="opt">
        <Processor id="face_enhancer" label="option.faceEnhancer" />
        {processors.value.includes('face_enhancer') && (
          <Slider
            label={t('option.blend')}
            value={numberOf(optionValue('faceEnhancerBlend'), BLEND_PERCENT)}
            {...{ min: 0, max: 100, step: 1, unit: '%' }}
            initial={numberOf(baseOf('faceEnhancerBlend'), BLEND_PERCENT)}
            onChange={(value) => setOption('faceEnhancerBlend', value, 'faceEnhancerBlend')}
          />
        )}
      </div>
      <div class="opt">
        <Processor id="expression_restorer" label="option.expressionRestorer" />
      </div>
      {!scope.value && <OfTheWholeVideo />}
      <button
        type="button"
        class="btn btn-ghost btn-block all-options"
        aria-expanded={allOptionsOpen.value}
        onClick={() => void allOptionsAction.run()}
      >
        <Icon name="sliders" />
        {t('option.all')}
        <span class="t3">{count || ''}</span>
        <span class="end">
          <Icon name="chevronRight" />
        </span>
      </button>
    </section>
  );
}

/** In pixels where the target is known. */
function sizeOf(factor: number, media: { readonly width?: number; readonly height?: number } | undefined): string {
  if (media?.width === undefined || media.height === undefined) {
    return t('option.size.times', { factor: formatNumber(factor, 1) });
  }
  return `${Math.round(media.width * factor)} × ${Math.round(media.height * factor)}`;
}
