/** The stage in words, for those who do not see it; and a word when a preview is final. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { language, t } from '../../i18n/i18n.ts';
import { faceBoxes } from '../../state/boxes.ts';
import { frame, isCurrent } from '../../state/preview.ts';
import { isVideo } from '../../state/target.ts';
import { inWords } from './person-look.ts';

function describe(): string {
  const known = faceBoxes.value.flatMap(({ person }) => (person ? [person] : []));
  const unknown = faceBoxes.value.length - known.length;
  const count =
    known.length === 0
      ? t('stage.twin.nobody')
      : known.length === 1
        ? t('stage.twin.one')
        : t('stage.twin.several', { count: known.length });
  const where = isVideo.value
    ? t('stage.twin.frame', { frame: frame.value, people: count })
    : t('stage.twin.photo', { people: count });
  const who = [
    ...known.sort((a, b) => a.number - b.number).map(inWords),
    ...(unknown > 0 ? [t('stage.twin.unknown', { count: unknown })] : []),
  ];
  const isChinese = language.value === 'zh';
  const list = who.join(isChinese ? '，' : ', ');
  return who.length === 0 ? `${where}${isChinese ? '。' : '.'}` : `${where}${isChinese ? '：' : ': '}${list}`;
}

/** So that a playhead that moves is not spoken at every frame. */
const SETTLE_MS = 400;

export function StageTwin({ id }: { readonly id: string }): JSX.Element {
  const [said, setSaid] = useState('');
  const isReady = isCurrent.value;
  const at = frame.value;
  useEffect(() => {
    if (!isReady) return;
    const timer = setTimeout(
      () => setSaid(isVideo.peek() ? t('stage.ready', { frame: at }) : t('stage.ready.photo')),
      SETTLE_MS,
    );
    return () => clearTimeout(timer);
  }, [isReady, at]);
  return (
    <>
      <p id={id} class="sr">
        {describe()}
      </p>
      <p class="sr" role="status">
        {said}
      </p>
    </>
  );
}
