/** Shown while the service wants a key. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { t } from '../i18n/i18n.ts';
import { Icon } from '../icons/icon.tsx';
import { signIn } from '../state/api.ts';
import { Brand } from './top-bar.tsx';

export default function SignIn(): JSX.Element {
  const input = useRef<HTMLInputElement | null>(null);
  const [isWrong, setWrong] = useState(false);
  const enter = async (): Promise<void> => {
    const key = input.current?.value.trim() ?? '';
    if (key === '') return;
    // Asked before it is taken: with a wrong key this page stays as it is.
    const answer = await fetch('/v1/me', { headers: { authorization: `Bearer ${key}` } }).catch(() => undefined);
    setWrong(answer?.status === 401);
    if (!answer?.ok) return;
    signIn(key);
    // Everything that was asked for without the key is asked for again.
    location.reload();
  };
  return (
    <main class="sign-in">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void enter();
        }}
      >
        <Brand />
        <h1>{t('signIn.title')}</h1>
        <p class="t2">{t('signIn.lead')}</p>
        <label class="col">
          <span class="label">{t('signIn.key')}</span>
          <input
            ref={input}
            class={isWrong ? 'field is-error' : 'field'}
            type="password"
            autoComplete="off"
            required
            aria-describedby="key-hint"
          />
        </label>
        <p class={isWrong ? 'hint err' : 'hint'} id="key-hint" role={isWrong ? 'alert' : undefined}>
          {isWrong && <Icon name="warning" size={14} />}
          {t(isWrong ? 'signIn.wrong' : 'signIn.hint')}
        </p>
        <button type="submit" class="btn btn-primary btn-lg btn-block">
          {t('signIn.enter')}
        </button>
      </form>
    </main>
  );
}
