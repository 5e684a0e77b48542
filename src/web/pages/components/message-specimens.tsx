/** What tells something: toasts, messages, menus, tooltips, dialogs, icons. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Keys } from '../../components/keys.tsx';
import { MenuButton } from '../../components/select.tsx';
import { ICON_NAMES, Icon, type IconName } from '../../icons/icon.tsx';
import { showToast } from '../../state/toasts.ts';
import { type ComponentText, c } from './component-texts.ts';
import { Cell, Group } from './specimen.tsx';

const nothing = (): void => undefined;

const TOASTS: readonly (readonly [ComponentText, 'info' | 'success', IconName, ComponentText])[] = [
  ['replaced', 'info', 'info', 'undo'],
  ['ready', 'success', 'check', 'open'],
  ['cancelledAt', 'info', 'stop', 'resume'],
];

const MESSAGES: readonly (readonly [string, IconName, ComponentText, ComponentText])[] = [
  ['warning', 'warning', 'fallback', 'fallbackText'],
  ['danger', 'warning', 'memory', 'memoryText'],
  ['info', 'download', 'model', 'modelText'],
];

export const MessageSpecimens = (): JSX.Element => (
  <>
    <Group title="toast" rule="toastRule" columns={3}>
      {TOASTS.map(([text, kind, icon, act]) => (
        <div class="cell" key={text}>
          <div class="toast">
            <span class={`c-${kind}`}>
              <Icon name={icon} />
            </span>
            <span class="grow">{c(text)}</span>
            <button type="button" class="btn btn-ghost btn-sm">
              {c(act)}
            </button>
          </div>
        </div>
      ))}
      <Cell state="live">
        <Button
          onClick={() =>
            showToast({ text: c('replaced'), kind: 'info', actions: [{ label: c('undo'), run: nothing }] })
          }
        >
          {c('show')}
        </Button>
      </Cell>
    </Group>
    <Group title="message" rule="messageRule" columns={3}>
      {MESSAGES.map(([look, icon, title, text]) => (
        <div class={`msg ${look}`} key={look}>
          <span class={`c-${look}`}>
            <Icon name={icon} />
          </span>
          <span>
            <span class="strong">{c(title)}</span>
            <br />
            <span class="t2">{c(text)}</span>
          </span>
        </div>
      ))}
    </Group>
    <Group title="menu" rule="menuRule">
      <Cell state="rest">
        <div class="menu">
          <button type="button" class="is-hover">
            <Icon name="user" />
            {c('chooseSource')}
            <Keys keys="s" />
          </button>
          <button type="button">
            <Icon name="pin" />
            {c('pin')}
            <Keys keys="p" />
          </button>
          <button type="button" class="is-disabled" aria-disabled="true">
            <Icon name="users" />
            {c('merge')}
          </button>
          <hr />
          <button type="button" class="c-danger">
            <Icon name="trash" />
            {c('notFace')}
          </button>
        </div>
      </Cell>
      <Cell state="live">
        <MenuButton
          label={c('menu')}
          items={[
            { label: c('chooseSource'), icon: 'user', run: nothing },
            { label: c('pin'), icon: 'pin', run: nothing },
            { label: c('notFace'), icon: 'trash', danger: true, run: nothing },
          ]}
        />
      </Cell>
      <Cell state="tooltip">
        <span class="tip">
          {c('beforeAfter')}
          <Keys keys="\" />
        </span>
      </Cell>
      <Cell state="keyCaps">
        <Keys keys="Ctrl+k" />
        <Keys keys="Enter" />
        <Keys keys="?" />
      </Cell>
    </Group>
    <DialogSpecimen />
    <Group title="icons" rule="iconsRule" columns={1}>
      <div class="cell spec-icons">
        {ICON_NAMES.map((name) => (
          <span class="spec-icon" key={name}>
            <Icon name={name} />
            <span class="xs t3">{name}</span>
          </span>
        ))}
      </div>
    </Group>
  </>
);

function DialogSpecimen(): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  const footer = (
    <>
      <Button kind="ghost" onClick={close}>
        {c('keep')}
      </Button>
      <Button kind="danger" onClick={close}>
        {c('deleteIt')}
      </Button>
    </>
  );
  return (
    <Group title="dialog" rule="dialogRule">
      <div class="dialog spec-dialog">
        <div class="dialog-in">
          <header>
            <h3>{c('deleteProject')}</h3>
          </header>
          <div class="body t2">{c('deleteText')}</div>
          <footer>{footer}</footer>
        </div>
      </div>
      <Cell state="live">
        <Button onClick={() => setOpen(true)}>{c('openIt')}</Button>
        {isOpen && (
          <Dialog title={c('deleteProject')} onClose={close} footer={footer}>
            <p class="t2">{c('deleteText')}</p>
          </Dialog>
        )}
      </Cell>
    </Group>
  );
}
