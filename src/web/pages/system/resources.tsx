/** Memory and storage of the machine, and the button that clears what nobody needs. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { formatBytes, t } from '../../i18n/i18n.ts';
import { StalledNote } from '../../panels/queue/stalled-note.tsx';
import { api, ask, type Schemas } from '../../state/api.ts';
import { errorLine } from '../../state/error-words.ts';
import { loadSystem } from '../../state/system.ts';
import { showToast } from '../../state/toasts.ts';

type Resources = Schemas['Resources'];
interface Amount {
  readonly usedBytes: number;
  readonly totalBytes: number;
}

const Meter = ({ name, of }: { readonly name: string; readonly of: Amount }): JSX.Element => (
  <div class="meter-row">
    <div class="label">
      {name}
      <span class="val">
        {t('system.amount', { used: formatBytes(of.usedBytes), total: formatBytes(of.totalBytes) })}
      </span>
    </div>
    <span class="meter" aria-hidden="true">
      <i style={{ '--v': `${of.totalBytes > 0 ? (100 * of.usedBytes) / of.totalBytes : 0}%` }} />
    </span>
  </div>
);

export const MemoryBox = ({ resources: { memory, gpus } }: { readonly resources: Resources }): JSX.Element => (
  <section class="box">
    <div class="bh">
      <h2>{t('system.memory.title')}</h2>
    </div>
    <div class="col system-facts">
      {gpus.map((gpu) => (
        <Meter key={gpu.index} name={`${t('system.gpu', { index: gpu.index })} ${gpu.name}`.trim()} of={gpu} />
      ))}
      {gpus.length === 0 && (
        <div>
          <p class="med">{t('system.gpu.none')}</p>
          <p class="hint">{t('system.gpu.none.why')}</p>
        </div>
      )}
      <Meter name={t('system.memory.system')} of={memory} />
    </div>
  </section>
);

const Size = ({ name, bytes }: { readonly name: string; readonly bytes: number | undefined }): JSX.Element | null =>
  bytes === undefined ? null : (
    <div class="label">
      {name}
      <span class="val">{formatBytes(bytes)}</span>
    </div>
  );

async function clear(): Promise<void> {
  try {
    const { freedBytes } = await ask(api().POST('/v1/system/clear-temporary-files'));
    const text = freedBytes > 0 ? t('system.cleared', { size: formatBytes(freedBytes) }) : t('system.cleared.none');
    showToast({ kind: 'success', text });
    await loadSystem();
  } catch (error) {
    showToast({ kind: 'danger', text: errorLine(error) });
  }
}

export function StorageBox({ resources: { storage } }: { readonly resources: Resources }): JSX.Element {
  const [isClearing, setClearing] = useState(false);
  const { temporary } = storage;
  return (
    <section class="box">
      <div class="bh">
        <h2>{t('system.storage')}</h2>
      </div>
      <div class="col system-facts">
        {temporary && (
          <Meter
            name={t('system.temporary')}
            of={{ usedBytes: temporary.usedBytes, totalBytes: temporary.usedBytes + temporary.freeBytes }}
          />
        )}
        {temporary && temporary.freeBytes < (temporary.neededBytes ?? 0) && (
          <StalledNote
            of={{
              ...{ freeBytes: temporary.freeBytes, wantedBytes: temporary.neededBytes ?? 0 },
              ...(temporary.folder === undefined ? {} : { folder: temporary.folder }),
            }}
          />
        )}
        <Size name={t('system.modelFiles')} bytes={storage.modelsBytes} />
        <Size name={t('system.results')} bytes={storage.resultsBytes} />
        <Size name={t('system.uploads')} bytes={storage.uploadsBytes} />
        <div class="clear-files">
          <Button
            kind="ghost"
            size="sm"
            busy={isClearing}
            onClick={() => {
              setClearing(true);
              void clear().finally(() => setClearing(false));
            }}
          >
            {t('system.clear')}
          </Button>
          <p class="hint">{t('system.clear.hint')}</p>
        </div>
      </div>
    </section>
  );
}
