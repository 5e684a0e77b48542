/** The original as the browser plays it. The frame that is told is the one that is on the screen. */
import { effect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { pictureOf } from '../../state/api.ts';
import { isVideoShown } from '../../state/original.ts';
import { giveUpDecoding, pause, playedFrame, playsVideo, soundOn, speed } from '../../state/player.ts';
import { frame } from '../../state/preview.ts';
import { fps, frameCount, target } from '../../state/target.ts';

/** Browsers refuse less. */
const SLOWEST = 0.25;

export function PlayedVideo(): JSX.Element | null {
  const video = useRef<HTMLVideoElement | null>(null);
  const [url, setUrl] = useState<string>();
  const asset = target.value;
  useEffect(() => {
    if (!asset) return;
    const controller = new AbortController();
    let made: string | undefined;
    pictureOf(asset.contentUrl, controller.signal).then(
      (next) => {
        made = next;
        setUrl(next);
      },
      () => controller.signal.aborted || giveUpDecoding(asset.id),
    );
    return () => {
      controller.abort();
      if (made?.startsWith('blob:')) URL.revokeObjectURL(made);
    };
  }, [asset?.id]);
  useEffect(() => {
    const element = video.current;
    if (!element || url === undefined) return;
    // The middle of a frame: rounding goes neither to the one before nor to the one behind.
    element.currentTime = (frame.peek() + 0.5) / fps.peek();
    let id = 0;
    const show = (_: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
      const at = Math.min(frameCount.peek() - 1, Math.round(mediaTime * fps.peek()));
      playedFrame.value = at;
      isVideoShown.value = true;
      if (playsVideo.peek()) frame.value = at;
      id = element.requestVideoFrameCallback(show);
    };
    id = element.requestVideoFrameCallback(show);
    const stop = effect(() => {
      element.playbackRate = Math.max(SLOWEST, speed.value);
      if (playsVideo.value) element.play().catch(() => playsVideo.peek() && giveUpDecoding(asset?.id ?? ''));
      else element.pause();
    });
    return () => {
      stop();
      element.cancelVideoFrameCallback(id);
    };
  }, [url]);
  if (!asset || url === undefined) return null;
  return (
    <video
      ref={video}
      class={isVideoShown.value ? '' : 'is-waiting'}
      src={url}
      muted={!soundOn.value}
      playsInline
      preload="auto"
      aria-hidden="true"
      onEnded={pause}
      onError={() => giveUpDecoding(asset.id)}
    />
  );
}
