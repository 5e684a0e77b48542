/** Models: what they are for, whose they are, and whether they may be used for money. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { Toggle } from '../../components/controls.tsx';
import { formatBytes, type TextKey, t } from '../../i18n/i18n.ts';
import { Icon, type IconName } from '../../icons/icon.tsx';
import type { Schemas } from '../../state/api.ts';
import { licensePolicy } from '../../state/catalogue.ts';
import { project } from '../../state/document.ts';
import { AddModel } from './add-model.tsx';

type Model = Schemas['Models']['models'][number];

const USE: Readonly<Record<Model['licence']['commercialUse'], readonly [IconName, string, TextKey]>> = {
  allowed: ['check', 'c-success', 'system.commercial.allowed'],
  forbidden: ['lock', 'c-danger', 'system.commercial.forbidden'],
  'not-stated': ['warning', 'c-warning', 'system.commercial.not-stated'],
};
const ORIGIN: Readonly<Record<Model['state'], TextKey>> = {
  'built-in': 'system.origin.built-in',
  added: 'system.origin.added',
  'not-added': 'system.origin.not-added',
  contract: 'system.origin.contract',
};

export function ModelTable({ models }: { readonly models: readonly Model[] }): JSX.Element {
  const [isCommercial, setCommercial] = useState(false);
  const [isInstalled, setInstalled] = useState(true);
  const [isAdding, setAdding] = useState(false);
  const shown = models.filter(
    (model) => (!isCommercial || model.licence.commercialUse === 'allowed') && (!isInstalled || model.isInstalled),
  );
  return (
    <section class="box models">
      <div class="bh wrap">
        <h2>{t('system.models')}</h2>
        <span class="t3 models-count">
          {t('system.models.count', {
            installed: models.filter((model) => model.isInstalled).length,
            all: models.length,
          })}
        </span>
        <span class="grow" />
        <Filter label={t('system.commercial')} on={isCommercial} onChange={setCommercial} />
        <Filter label={t('system.installedOnly')} on={isInstalled} onChange={setInstalled} />
        <Button icon="plus" onClick={() => setAdding(true)}>
          {t('system.addModel')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <div class="scroll-x" tabIndex={0} role="region" aria-label={t('system.models')}>
        <table class="tbl">
          <thead>
            <tr>
              <th scope="col">{t('system.col.model')}</th>
              <th scope="col">{t('system.col.task')}</th>
              <th scope="col">{t('system.col.licence')}</th>
              <th scope="col">{t('system.col.commercial')}</th>
              <th scope="col">{t('system.col.origin')}</th>
              <th scope="col" class="num">
                {t('system.col.size')}
              </th>
              <th scope="col">{t('system.col.state')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((model) => (
              <Row key={`${model.task} ${model.id}`} model={model} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === 0 && <p class="li t2">{t('system.none')}</p>}
      {isAdding && <AddModel models={models} onClose={() => setAdding(false)} />}
    </section>
  );
}

/** Why a model that is here cannot be used; runs take commercial models only unless they ask for any. */
function lockOf({ licence }: Model): TextKey | undefined {
  if (licence.commercialUse === 'allowed') return undefined;
  if (licensePolicy.value === 'commercial') return 'system.locked.policy';
  return project.value.value.options.licensePolicy === 'any' ? undefined : 'system.locked.option';
}

const Filter = (props: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}): JSX.Element => (
  <span class="row filter">
    <span class="t2" aria-hidden="true">
      {props.label}
    </span>
    <Toggle {...props} />
  </span>
);

function Row({ model }: { readonly model: Model }): JSX.Element {
  const { id, task, licence, state, isInstalled, isUnverified, bytes } = model;
  const [icon, colour, use] = USE[licence.commercialUse];
  const lock = isInstalled ? lockOf(model) : undefined;
  return (
    <tr>
      <td class="med">{id}</td>
      <td class="t2">{task}</td>
      <td>
        {licence.name}
        {isUnverified && <span class="t3">{`, ${t('system.unverified')}`}</span>}
      </td>
      <td>
        <span class="row">
          <span class={colour}>
            <Icon name={icon} />
          </span>
          {t(use)}
        </span>
      </td>
      <td class="t2">{t(ORIGIN[state])}</td>
      <td class="num">{bytes === undefined ? '–' : formatBytes(bytes)}</td>
      <td>
        {lock ? (
          <span class="row state">
            <span class="chip danger" title={t(lock)}>
              <Icon name="lock" size={14} />
              {t('system.locked')}
              <span class="sr">{t(lock)}</span>
            </span>
          </span>
        ) : (
          <span class="row state">
            <span class={isInstalled ? 'dot c-success' : 'dot t3'} />
            {t(isInstalled ? 'system.model.ready' : 'system.model.missing')}
          </span>
        )}
      </td>
    </tr>
  );
}
