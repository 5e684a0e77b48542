/** One person whose face is put in: photos, name, and what may be wrong with them. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { NamePopover } from '../../components/name-popover.tsx';
import { MenuButton } from '../../components/select.tsx';
import { type TextKey, t } from '../../i18n/i18n.ts';
import type { Source } from '../../state/document.ts';
import { removeSource, renameSource } from '../../state/edit.ts';
import { takeFiles } from '../../state/intake.ts';
import type { PhotoNote } from '../../state/judge-photo.ts';
import { dropPlace } from '../../state/page-drops.ts';
import { PHOTOS, pickFiles } from '../../state/pick-files.ts';
import { noteOf } from '../../state/source-faces.ts';
import { SourceLook } from './source-look.tsx';

/** Kind of what is dragged from a source onto a person. */
export const SOURCE_DRAG = 'application/x-facefusion-source';

const NOTE_TEXTS: Readonly<Record<Exclude<PhotoNote['kind'], 'unknown'>, TextKey>> = {
  ...{ looking: 'source.looking', none: 'source.noFace', several: 'source.several', small: 'source.small' },
  ...{ turned: 'source.turned', clear: 'source.sharp', gone: 'source.gone' },
};
/** What is said of several photos is said of the worst. */
const WORST_FIRST: readonly PhotoNote['kind'][] = [
  ...(['gone', 'none', 'several', 'small', 'turned', 'looking', 'clear', 'unknown'] as const),
];
const GRAVE: readonly PhotoNote['kind'][] = ['gone', 'none'];

function Note({ assets }: { readonly assets: readonly string[] }): JSX.Element | null {
  const notes = assets.map(noteOf);
  const note = WORST_FIRST.map((kind) => notes.find((one) => one.kind === kind)).find((one) => one !== undefined);
  if (!note || note.kind === 'unknown') return null;
  const values =
    note.kind === 'several' ? { count: note.count } : note.kind === 'small' ? { pixels: note.pixels } : undefined;
  const isGood = note.kind === 'clear' || note.kind === 'looking';
  return (
    <span class={GRAVE.includes(note.kind) ? 'c-danger' : isGood ? 't3' : 'c-warning'}>
      {t(NOTE_TEXTS[note.kind], values)}
    </span>
  );
}

export function SourceRow({ source }: { readonly source: Source }): JSX.Element {
  const { id, name, assets } = source;
  const row = useRef<HTMLLIElement | null>(null);
  const [isNaming, setNaming] = useState(false);
  const place = dropPlace.value;
  const isOver = place?.kind === 'photos' && place.id === id;
  const pick = async (kind: 'photos' | 'replace'): Promise<void> => {
    const files = await pickFiles(PHOTOS, true);
    if (files.length > 0) await takeFiles(files, { kind, id });
  };
  return (
    <li
      ref={row}
      class={isOver ? 'src is-over' : 'src'}
      data-drop={`photos:${id}`}
      draggable
      title={t('source.drag')}
      onDragStart={(event) => {
        event.dataTransfer?.setData(SOURCE_DRAG, id);
        if (event.dataTransfer) event.dataTransfer.effectAllowed = 'link';
      }}
    >
      <SourceLook source={source}>
        {' · '}
        <Note assets={assets} />
      </SourceLook>
      <MenuButton
        label={t('source.more', { name })}
        items={[
          { label: t('source.photos.add'), icon: 'plus', run: () => void pick('photos') },
          { label: t('source.photos.replace'), icon: 'retry', run: () => void pick('replace') },
          { label: t('source.rename'), icon: 'pencil', run: () => setNaming(true) },
          { label: t('source.remove'), icon: 'trash', danger: true, run: () => removeSource(id) },
        ]}
      />
      {isNaming && row.current && (
        <NamePopover
          anchor={row.current}
          label={t('source.rename')}
          value={name}
          onName={(next) => renameSource(id, next)}
          onClose={() => setNaming(false)}
        />
      )}
    </li>
  );
}
