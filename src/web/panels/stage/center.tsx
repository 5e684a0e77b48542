/** The middle of the page: toolbar, stage, transport and timeline; while there is no target, what `empty` shows. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { CENTER_ID } from '../../actions/stage.ts';
import { followBoxes } from '../../state/boxes.ts';
import { project } from '../../state/document.ts';
import { followOriginal } from '../../state/original.ts';
import { followPlayer } from '../../state/player.ts';
import { followPresetPictures } from '../../state/preset-pictures.ts';
import { followPreviews } from '../../state/preview.ts';
import { followTarget, isVideo } from '../../state/target.ts';
import { fitPicture } from '../../state/zoom.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { Transport } from '../timeline/transport.tsx';
import { Toolbar } from '../toolbar.tsx';
import { Stage } from './stage.tsx';

export interface CenterProps {
  /** What is shown, and takes files, while there is no target. */
  readonly empty: ComponentChildren;
}

export function Center({ empty }: CenterProps): JSX.Element {
  useEffect(() => {
    const ends = [
      followTarget(),
      followOriginal(),
      followPreviews(),
      followBoxes(),
      followPlayer(),
      followPresetPictures(),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  const target = project.value.value.target;
  useEffect(fitPicture, [target]);
  if (target === undefined) {
    return (
      <main class="center" id={CENTER_ID}>
        {empty}
      </main>
    );
  }
  return (
    <main class="center" id={CENTER_ID}>
      <Toolbar />
      <Stage />
      {isVideo.value && (
        <div class="center-foot">
          <Transport />
          <Timeline />
        </div>
      )}
    </main>
  );
}
