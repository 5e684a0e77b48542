/** A model file of the user's own: what it is, and the service's word on it before it is kept. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { toApiError } from '../../../client/index.ts';
import { Button } from '../../components/button.tsx';
import { Segmented } from '../../components/controls.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { Select } from '../../components/select.tsx';
import { t } from '../../i18n/i18n.ts';
import { authorization, learnFrom, type Schemas } from '../../state/api.ts';
import { loadCatalogue } from '../../state/catalogue.ts';
import { pickFiles } from '../../state/pick-files.ts';
import { showToast } from '../../state/toasts.ts';

type Model = Schemas['Models']['models'][number];

/** How ids of the user's own models begin. */
const OWN = 'custom/';
/** As the service takes them. */
const NAME = /^[\w-][\w.-]{0,63}$/;

interface Draft {
  readonly kind: 'published' | 'own';
  /** Of the catalogue: what the file is, or what it is like. */
  readonly model: string;
  readonly name: string;
  readonly licence: string;
  readonly unverified: boolean;
  readonly file?: File;
}

const isComplete = ({ kind, model, name, file }: Draft): boolean =>
  file !== undefined && model !== '' && (kind === 'published' || NAME.test(name));

function queryOf({ kind, model, name, licence, unverified }: Draft): URLSearchParams {
  if (kind === 'published') return new URLSearchParams({ id: model, ...(unverified ? { unverified: 'true' } : {}) });
  return new URLSearchParams({ id: OWN + name, like: model, ...(licence === '' ? {} : { licence }) });
}

/** @throws ApiError */
async function send(draft: Draft & { readonly file: File }): Promise<Schemas['AddedModel']> {
  const body = new FormData();
  body.set('file', draft.file);
  const response = await fetch(`/v1/models?${queryOf(draft)}`, { method: 'POST', body, headers: authorization() });
  if (!response.ok) throw await toApiError(response);
  return (await response.json()) as Schemas['AddedModel'];
}

interface AddModelProps {
  readonly models: readonly Model[];
  readonly onClose: () => void;
}

export function AddModel({ models, onClose }: AddModelProps): JSX.Element {
  const [draft, setDraft] = useState<Draft>({ kind: 'published', model: '', name: '', licence: '', unverified: false });
  const [error, setError] = useState<unknown>();
  const [isSending, setSending] = useState(false);
  const change = (more: Partial<Draft>): void => setDraft({ ...draft, ...more });
  const { file } = draft;
  const add = async (): Promise<void> => {
    if (!file || !isComplete(draft)) return;
    setSending(true);
    setError(undefined);
    try {
      const { id } = await learnFrom(send({ ...draft, file }));
      showToast({ kind: 'success', text: t('system.addModel.done', { id }) });
      onClose();
      await loadCatalogue();
    } catch (thrown) {
      setError(thrown);
      setSending(false);
    }
  };
  const known = models
    .filter(
      ({ id, state }) => !id.startsWith(OWN) && state !== 'built-in' && (draft.kind === 'own' || state !== 'contract'),
    )
    .map(({ id, task }) => ({ value: id, label: `${id} · ${task}` }));
  return (
    <Dialog
      title={t('system.addModel.title')}
      onClose={onClose}
      footer={
        <>
          <Button kind="ghost" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            kind="primary"
            busy={isSending}
            disabledReason={isComplete(draft) ? undefined : t('system.addModel.needs')}
            onClick={() => void add()}
          >
            {t('system.addModel.do')}
          </Button>
        </>
      }
    >
      <div class="col add-model">
        <p class="t2">{t('system.addModel.lead')}</p>
        <div class="row wrap">
          <Button
            icon="folder"
            onClick={() => void pickFiles('.onnx', false).then(([file]) => file && change({ file }))}
          >
            {t('system.addModel.choose')}
          </Button>
          <span class={file ? 'breaks' : 't3'} dir="auto">
            {file?.name ?? t('system.addModel.noFile')}
          </span>
        </div>
        <Segmented
          label={t('system.addModel.as')}
          value={draft.kind}
          choices={[
            { value: 'published', label: t('system.addModel.published') },
            { value: 'own', label: t('system.addModel.own') },
          ]}
          onChange={(kind) => change({ kind, model: '' })}
        />
        <div class="col">
          <span class="label">{t(draft.kind === 'own' ? 'system.addModel.like' : 'system.addModel.model')}</span>
          <Select
            label={t(draft.kind === 'own' ? 'system.addModel.like' : 'system.addModel.model')}
            value={draft.model}
            choices={known}
            onChange={(model) => change({ model })}
          />
        </div>
        {draft.kind === 'own' ? (
          <>
            <Field
              name={t('system.addModel.name')}
              hint={t('system.addModel.name.hint')}
              value={draft.name}
              onInput={(name) => change({ name })}
            />
            <Field
              name={t('system.addModel.licence')}
              hint={t('system.addModel.licence.hint')}
              value={draft.licence}
              onInput={(licence) => change({ licence })}
            />
          </>
        ) : (
          <label class="row">
            <input
              type="checkbox"
              checked={draft.unverified}
              onChange={(event) => change({ unverified: event.currentTarget.checked })}
            />
            {t('system.addModel.unverified')}
          </label>
        )}
        {isSending && (
          <p class="hint" role="status">
            {t('system.addModel.checking')}
          </p>
        )}
        {error !== undefined && (
          <div class="msg danger" role="alert">
            <span class="grow">
              <span class="med">{t('system.addModel.failed')}</span>
              <ErrorText error={error} />
            </span>
          </div>
        )}
      </div>
    </Dialog>
  );
}

const Field = (props: {
  readonly name: string;
  readonly hint: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}): JSX.Element => (
  <label class="col">
    <span class="label">{props.name}</span>
    <input class="field" value={props.value} onInput={(event) => props.onInput(event.currentTarget.value.trim())} />
    <span class="hint">{props.hint}</span>
  </label>
);
