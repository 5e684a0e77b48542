/** Everything by its name: type, choose with the arrows, Enter. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from '../components/dialog.tsx';
import { Keys } from '../components/keys.tsx';
import { type TextKey, t } from '../i18n/i18n.ts';
import { Icon } from '../icons/icon.tsx';
import { needCatalogue } from '../state/need-catalogue.ts';
import { overlay } from '../state/view.ts';
import { commands, findItems, type PaletteGroup, type PaletteItem, remember } from './palette-items.ts';

const TITLES: Readonly<Record<PaletteGroup, TextKey>> = {
  recent: 'palette.recent',
  commands: 'palette.commands',
  options: 'palette.options',
  jumps: 'palette.jumps',
  results: 'palette.results',
};

/** The text with what was typed in it marked. */
function marked({ text, ranges }: PaletteItem): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  return [...parts, text.slice(at)];
}

export default function Palette(): JSX.Element {
  const [query, setQuery] = useState('');
  const [moved, setAt] = useState<number>();
  const list = useRef<HTMLDivElement | null>(null);
  const close = (): void => {
    overlay.value = undefined;
  };
  useEffect(needCatalogue, []);
  const items = findItems(query);
  const groups = [...new Set(items.map(({ group }) => group))];
  // Enter does something: until the arrows are used it is the first that can be run.
  const at =
    moved ??
    Math.max(
      0,
      items.findIndex(({ disabled }) => disabled === undefined),
    );
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, query]);
  const run = (item: PaletteItem | undefined): void => {
    if (!item || item.disabled !== undefined) return;
    remember(item.id);
    close();
    // After the focus is back where it was: what is run may move it.
    setTimeout(item.run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined && items.length > 0) {
      const last = items.length - 1;
      const isPage = Math.abs(step) > 1;
      setAt(isPage ? Math.min(last, Math.max(0, at + step)) : (at + step + items.length) % items.length);
    } else if (event.key === 'Enter') run(items[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('palette.title')} titleHidden look="palette" onClose={close}>
      <div class="q">
        <Icon name="search" size={20} />
        <input
          class="palette-input"
          role="combobox"
          aria-label={t('palette.title')}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={items[at] ? `palette-${at}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          autofocus
          placeholder={t('palette.placeholder')}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(undefined);
          }}
          onKeyDown={onKeyDown}
        />
        <Keys keys="Escape" />
      </div>
      <div class="palette-list" id="palette-list" ref={list} role="listbox" aria-label={t('palette.results')}>
        {groups.map((group) => (
          <div role="group" aria-label={t(TITLES[group])} key={group}>
            <h3 role="presentation">{t(TITLES[group])}</h3>
            {items.map((item, index) =>
              item.group === group ? (
                <div
                  role="option"
                  class={item.disabled === undefined ? 'pitem' : 'pitem is-disabled'}
                  id={`palette-${index}`}
                  key={item.id}
                  tabIndex={-1}
                  aria-selected={index === at}
                  aria-disabled={item.disabled === undefined ? undefined : 'true'}
                  onClick={() => run(item)}
                >
                  <Icon name={item.icon} />
                  <span class="grow cut">{marked(item)}</span>
                  {item.disabled !== undefined && <span class="t3 xs cut">{item.disabled}</span>}
                  {item.value !== undefined && <span class="t3 cut pvalue">{item.value}</span>}
                  {item.keys && <Keys keys={item.keys} />}
                </div>
              ) : null,
            )}
          </div>
        ))}
        {items.length === 0 && <p class="t2 pnone">{t('palette.none', { text: query })}</p>}
      </div>
      <footer>
        <span aria-hidden="true">
          <Keys keys="ArrowUp" />
          <Keys keys="ArrowDown" />
          {t('palette.move')}
        </span>
        <span aria-hidden="true">
          <Keys keys="Enter" />
          {t('palette.run')}
        </span>
        <span class="end" role="status">
          {query === '' ? t('palette.all', { n: commands().length }) : t('palette.found', { n: items.length })}
        </span>
      </footer>
    </Dialog>
  );
}
