/** Which camera, in which size, and whether it is a mirror. */
import type { JSX } from 'preact';
import { Toggle } from '../../components/controls.tsx';
import { Select } from '../../components/select.tsx';
import { t } from '../../i18n/i18n.ts';
import { cameraId, cameras, isMirrored, type LiveSize, liveSize, SIZES, sizeOf } from './live-choices.ts';
import { restartCamera } from './live-session.ts';

/** What the browser prefers. */
const ANY = '';

const nameOf = (size: LiveSize): string => {
  const { width, height } = sizeOf(size);
  return t('stage.size', { width: String(width), height: String(height) });
};

export function CameraPanel(): JSX.Element {
  const known = cameras.value;
  const value = known.some(({ id }) => id === cameraId.value) ? (cameraId.value ?? ANY) : ANY;
  return (
    <section>
      <div class="h">
        <h2>{t('live.camera')}</h2>
      </div>
      <div class="col live-camera">
        <Select
          label={t('live.camera')}
          value={value}
          onChange={(id) => {
            cameraId.value = id === ANY ? undefined : id;
            void restartCamera();
          }}
          choices={[
            { value: ANY, label: t('live.camera.any') },
            ...known.map(({ id, label }, at) => ({
              value: id,
              label: label === '' ? t('live.camera.number', { number: at + 1 }) : label,
            })),
          ]}
        />
        <div class="opt-row">
          <span class="label">{t('live.size')}</span>
          <Select
            label={t('live.size')}
            value={liveSize.value}
            onChange={(size) => {
              liveSize.value = size;
              void restartCamera();
            }}
            choices={SIZES.map((size) => ({ value: size, label: nameOf(size) }))}
          />
        </div>
        <div class="opt-row">
          <span class="label">{t('live.mirror')}</span>
          <Toggle
            label={t('live.mirror')}
            on={isMirrored.value}
            onChange={(on) => {
              isMirrored.value = on;
            }}
          />
        </div>
      </div>
    </section>
  );
}
