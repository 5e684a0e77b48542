/** The output beside, over or instead of what it was made from; sound and time of the two run together. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from '../../components/button.tsx';
import { Segmented } from '../../components/controls.tsx';
import { useServiceUrl } from '../../components/service-url.ts';
import { Splitter } from '../../components/splitter.tsx';
import { formatTimecode, t } from '../../i18n/i18n.ts';
import type { Schemas } from '../../state/api.ts';
import type { Asset } from '../../state/assets.ts';
import { isPhone } from '../../state/view.ts';

export type CompareMode = 'split' | 'side' | 'result' | 'original';

export interface CompareProps {
  readonly output: Schemas['JobOutput'];
  /** Undefined where it has expired. */
  readonly original: Asset | undefined;
  /** Frame of the original that the output begins with. */
  readonly startFrame: number;
  readonly mode: CompareMode;
}

export const ModeChoice = ({
  mode,
  hasOriginal,
  onChange,
}: {
  readonly mode: CompareMode;
  readonly hasOriginal: boolean;
  readonly onChange: (mode: CompareMode) => void;
}): JSX.Element => (
  <Segmented
    label={t('result.view')}
    value={mode}
    onChange={onChange}
    choices={[
      { value: 'split', label: t('result.split'), icon: 'split', disabled: !hasOriginal },
      { value: 'side', label: t('result.side'), icon: 'side', disabled: !hasOriginal },
      { value: 'result', label: t('result.result') },
      { value: 'original', label: t('result.original'), disabled: !hasOriginal },
    ]}
  />
);

/** Where no size is told. */
const USUAL_ASPECT = 16 / 9;
/** Where the original does not say how many frames it has in a second. */
const USUAL_FPS = 25;
/** Two videos that are further apart than this are brought together again, in seconds. */
const APART = 0.06;

export function Compare({ output, original, startFrame, mode }: CompareProps): JSX.Element {
  const isVideo = output.contentType.startsWith('video/');
  const [split, setSplit] = useState(50);
  const [failed, setFailed] = useState(false);
  const [time, setTime] = useState(0);
  const [length, setLength] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const after = useRef<HTMLVideoElement | null>(null);
  const before = useRef<HTMLVideoElement | null>(null);
  const stage = useRef<HTMLDivElement | null>(null);
  const outputUrl = useServiceUrl(output.url);
  const originalUrl = useServiceUrl(original?.contentUrl);
  const fps = original?.media.fps ?? USUAL_FPS;
  const offset = startFrame / fps;
  const seconds = output.durationSeconds ?? length;
  const aspect = output.width && output.height ? output.width / output.height : USUAL_ASPECT;
  useEffect(() => setFailed(false), [output.url]);

  const together = (): void => {
    const [result, source] = [after.current, before.current];
    if (!result) return;
    setTime(result.currentTime);
    if (source && Math.abs(source.currentTime - result.currentTime - offset) > APART) {
      source.currentTime = result.currentTime + offset;
    }
  };
  const seek = (to: number): void => {
    if (!after.current) return;
    after.current.currentTime = Math.min(Math.max(0, to), seconds);
    together();
  };
  const toggle = (): void => {
    if (!after.current) return;
    if (after.current.paused) void after.current.play();
    else after.current.pause();
  };
  const media = (which: 'before' | 'after'): JSX.Element | null => {
    const url = which === 'after' ? outputUrl : originalUrl;
    if (url === undefined) return null;
    const alt = t(which === 'after' ? 'result.result' : 'result.original');
    if (!isVideo) return <img class={which} src={url} alt={alt} draggable={false} onError={() => setFailed(true)} />;
    return which === 'before' ? (
      <video
        class={which}
        ref={before}
        src={url}
        muted
        playsInline
        preload="auto"
        aria-label={alt}
        onLoadedMetadata={together}
      />
    ) : (
      // biome-ignore lint/a11y/useMediaCaption: what users bring has captions of its own or none.
      <video
        class={which}
        ref={after}
        src={url}
        playsInline
        preload="auto"
        aria-label={alt}
        onLoadedMetadata={(event) => setLength(event.currentTarget.duration)}
        onTimeUpdate={together}
        onSeeked={together}
        onPlay={() => {
          setPlaying(true);
          void before.current?.play();
        }}
        onPause={() => {
          setPlaying(false);
          before.current?.pause();
        }}
        onError={() => setFailed(true)}
      />
    );
  };
  const show = original ? mode : 'result';
  return (
    <>
      <div class={`stage compare is-${show}`} ref={stage}>
        {failed ? (
          <div class="msg info">{t('result.mediaFailed')}</div>
        ) : (
          <div class="pair">
            <div class="pic fit" style={{ '--ar': String(aspect), '--split': `${split}%` }}>
              {show !== 'result' && media('before')}
              {media('after')}
              {show === 'split' && (
                <>
                  <Splitter value={split} onChange={setSplit} />
                  <div class="hud bl">
                    <span class="chip onpic">{t('result.original')}</span>
                  </div>
                  <div class="hud br">
                    <span class="chip onpic">{t('result.result')}</span>
                  </div>
                </>
              )}
            </div>
          </div>
        )}
      </div>
      {isVideo && !failed && (
        <div class="transport">
          {!isPhone.value && (
            <IconButton icon="previous" label={t('result.previousFrame')} onClick={() => seek(time - 1 / fps)} />
          )}
          <IconButton
            icon={isPlaying ? 'pause' : 'play'}
            label={t(isPlaying ? 'result.pause' : 'result.play')}
            onClick={toggle}
          />
          {!isPhone.value && (
            <IconButton icon="next" label={t('result.nextFrame')} onClick={() => seek(time + 1 / fps)} />
          )}
          <span class="tc">{formatTimecode(Math.round(time * fps), fps)}</span>
          <Position time={time} seconds={seconds} fps={fps} onSeek={seek} />
          <span class="tc t3">{formatTimecode(Math.round(seconds * fps), fps)}</span>
          <Sound video={after} />
        </div>
      )}
    </>
  );
}

interface PositionProps {
  readonly time: number;
  readonly seconds: number;
  readonly fps: number;
  readonly onSeek: (seconds: number) => void;
}

const Position = ({ time, seconds, fps, onSeek }: PositionProps): JSX.Element => (
  <input
    class="position grow"
    type="range"
    min={0}
    max={Math.max(0, seconds)}
    step={1 / fps}
    value={time}
    style={{ '--v': seconds > 0 ? `${(time / seconds) * 100}%` : '0%' }}
    aria-label={t('result.position')}
    aria-valuetext={formatTimecode(Math.round(time * fps), fps)}
    onInput={(event) => onSeek(event.currentTarget.valueAsNumber)}
  />
);

function Sound({ video }: { readonly video: { readonly current: HTMLVideoElement | null } }): JSX.Element {
  const [isOn, setOn] = useState(true);
  return (
    <IconButton
      icon="volume"
      label={t('result.sound')}
      pressed={isOn}
      onClick={() => {
        if (video.current) video.current.muted = isOn;
        setOn(!isOn);
      }}
    />
  );
}
