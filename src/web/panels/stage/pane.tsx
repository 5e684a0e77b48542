/** One place for a picture: the original, the result, or both with a line between them. */
import type { JSX } from 'preact';
import { Splitter } from '../../components/splitter.tsx';
import { t } from '../../i18n/i18n.ts';
import { isVideoShown, original } from '../../state/original.ts';
import { playsVideo } from '../../state/player.ts';
import { boxesOn, split } from '../../state/stage.ts';
import { isVideo } from '../../state/target.ts';
import { pictureSize } from '../../state/zoom.ts';
import { FrameChip, QualityChip } from './chips.tsx';
import { FaceBoxes } from './face-boxes.tsx';
import { Picture } from './picture.tsx';
import { PlayedVideo } from './played-video.tsx';
import { shownResult } from './what-is-shown.ts';

const setSplit = (percent: number): void => {
  split.value = percent;
};

const Chip = ({ at, text }: { readonly at: 'bl' | 'br'; readonly text: string }): JSX.Element => (
  <div class={`hud ${at}`}>
    <span class="chip onpic">{text}</span>
  </div>
);

const Original = (): JSX.Element => (
  <div class="stage-layer is-picture">
    <Picture of={original} />
    {(playsVideo.value || isVideoShown.value) && <PlayedVideo />}
  </div>
);

const Result = (): JSX.Element => (
  <div class="stage-layer is-picture">
    <Picture of={shownResult} />
  </div>
);

/** Each is seen as far as what it names is. */
const SplitLabels = (): JSX.Element => (
  <>
    <div class="stage-before">
      <Chip at="bl" text={t('view.original')} />
    </div>
    <div class="stage-after">
      <Chip at="br" text={t('view.result')} />
    </div>
  </>
);

export interface PaneProps {
  readonly shows: 'original' | 'result' | 'split';
  /** Says which of the two it is. */
  readonly isLabelled: boolean;
}

export function Pane({ shows, isLabelled }: PaneProps): JSX.Element {
  const { width, height } = pictureSize.value;
  const isSplit = shows === 'split';
  const isBusy = original.value === undefined;
  return (
    <div class="stage-pane">
      <div
        class={isBusy ? 'stage-view is-empty' : 'stage-view'}
        style={{ '--split': `${split.value}%` }}
        aria-busy={isBusy}
        data-shows={shows}
      >
        {shows !== 'result' && <Original />}
        {shows === 'result' && <Result />}
        {isSplit && (
          <div class="stage-after">
            <Result />
          </div>
        )}
        {boxesOn.value && (shows !== 'result' || !isLabelled) && <FaceBoxes />}
        {isSplit && <Splitter value={split.value} onChange={setSplit} />}
        {(!isLabelled || shows === 'original') && isVideo.value && <FrameChip />}
        {(!isLabelled || shows === 'result') && <QualityChip />}
        {isSplit && <SplitLabels />}
        {isLabelled && shows === 'original' && <Chip at="bl" text={t('view.original')} />}
        {isLabelled && shows === 'result' && <Chip at="br" text={t('view.result')} />}
        {!isSplit && !isLabelled && !isVideo.value && (
          <Chip at="br" text={t('stage.size', { width: String(width), height: String(height) })} />
        )}
      </div>
    </div>
  );
}
