/** Actions of the transport and the timeline. */
import { computed } from '@preact/signals';
import type { TextKey } from '../i18n/i18n.ts';
import { project } from '../state/document.ts';
import { gapsOf, nextGap } from '../state/gaps.ts';
import { people, shownPeople } from '../state/people.ts';
import { pause, playBackwards, playForwards, soundOn, togglePlay } from '../state/player.ts';
import { frame, isPlaying } from '../state/preview.ts';
import { clearRange, goToNextMarker, setIn, setOut, toggleMarker } from '../state/range.ts';
import { addRange, goToNextRange, leaveRange, removeRange } from '../state/range-edits.ts';
import { rangeAt, roomAt, scope } from '../state/range-settings.ts';
import { toggleTimeline } from '../state/stage.ts';
import { frameCount, isVideo, range, seek } from '../state/target.ts';
import { type Action, defineAction } from './action.ts';

const needsVideo = (): TextKey | undefined => (isVideo.value ? undefined : 'reason.noVideo');
const needsRange = (): TextKey | undefined => (project.value.value.range ? needsVideo() : 'reason.noRange');
const needsMarker = (): TextKey | undefined =>
  project.value.value.markers.length > 0 ? needsVideo() : 'reason.noMarker';

/** Within a range, that one is cut in two. */
const needsRoom = (): TextKey | undefined => {
  const document = project.value.value;
  const hasRoom = rangeAt(document, frame.value) ?? roomAt(document, frame.value, range.value);
  return hasRoom ? needsVideo() : (needsVideo() ?? 'reason.noRoom');
};
const needsRanges = (): TextKey | undefined => (project.value.value.ranges.length > 0 ? undefined : 'reason.noRanges');
/** Where nobody is seen: a face that was missed, or none. */
const gaps = computed(() =>
  gapsOf(
    shownPeople.value.flatMap(({ person }) => person.spans),
    frameCount.value,
  ),
);
const needsGap = (): TextKey | undefined =>
  needsVideo() ??
  (people.value.state !== 'there' ? 'reason.noPeople' : gaps.value.length > 0 ? undefined : 'reason.noGap');
const needsScope = (): TextKey | undefined => (scope.value ? undefined : 'reason.noRanges');

/** Stops what plays, since somebody goes somewhere else. */
const goTo = (to: () => number) => (): void => {
  isPlaying.value = false;
  seek(to());
};

const of = (part: Omit<Action, 'group' | 'disabled'>, disabled: () => TextKey | undefined = needsVideo): Action =>
  defineAction({ ...part, group: 'timeline', disabled });

const step = (id: string, label: TextKey, key: string, to: () => number, icon?: Action['icon']): Action =>
  of({ id: `timeline.${id}`, label, keys: [key], repeats: true, ...(icon ? { icon } : {}), run: goTo(to) });

export const previousAction = step('previous', 'transport.previous', 'ArrowLeft', () => frame.value - 1, 'previous');
export const nextAction = step('next', 'transport.next', 'ArrowRight', () => frame.value + 1, 'next');
export const playAction = of({
  ...{ id: 'timeline.play', label: 'transport.play', icon: 'play', keys: ['Space'], run: togglePlay },
});
export const setInAction = of({
  ...{ id: 'timeline.in', label: 'transport.setIn', icon: 'setIn', keys: ['i'], run: setIn },
});
export const setOutAction = of({
  ...{ id: 'timeline.out', label: 'transport.setOut', icon: 'setOut', keys: ['o'], run: setOut },
});
export const markerAction = of({
  ...{ id: 'timeline.marker', label: 'transport.marker', icon: 'flag', keys: ['m'], run: toggleMarker },
});
export const rangeAction = of(
  { id: 'timeline.range', label: 'ranges.add', icon: 'brackets', keys: ['r'], run: addRange },
  needsRoom,
);
export const leaveRangeAction = of(
  { id: 'timeline.leaveRange', label: 'ranges.leave', icon: 'film', keys: ['w'], run: leaveRange },
  needsScope,
);
export const removeRangeAction = of(
  {
    ...{ id: 'timeline.removeRange', label: 'ranges.remove', icon: 'trash' },
    run: () => scope.value && removeRange(scope.value.id),
  },
  needsScope,
);
export const nextGapAction = of(
  {
    ...{ id: 'timeline.nextGap', label: 'transport.nextGap', icon: 'search', keys: ['n'] },
    run: goTo(() => nextGap(gaps.value, frame.value) ?? frame.value),
  },
  needsGap,
);
export const soundAction = of({
  ...{ id: 'timeline.sound', label: 'transport.sound', icon: 'volume' },
  run: () => {
    soundOn.value = !soundOn.value;
  },
});
export const toggleTimelineAction = of({
  ...{ id: 'timeline.toggle', label: 'transport.timeline', icon: 'chevronDown', run: toggleTimeline },
});

export const timelineActions: readonly Action[] = [
  nextGapAction,
  playAction,
  of({ id: 'timeline.backwards', label: 'transport.backwards', keys: ['j'], run: playBackwards }),
  of({ id: 'timeline.stop', label: 'transport.stop', keys: ['k'], run: pause }),
  of({ id: 'timeline.forwards', label: 'transport.forwards', keys: ['l'], run: playForwards }),
  previousAction,
  nextAction,
  step('previous10', 'transport.previous10', 'Shift+ArrowLeft', () => frame.value - 10),
  step('next10', 'transport.next10', 'Shift+ArrowRight', () => frame.value + 10),
  step('first', 'transport.first', 'Home', () => 0),
  step('last', 'transport.last', 'End', () => frameCount.value - 1),
  setInAction,
  setOutAction,
  of({ id: 'timeline.goIn', label: 'transport.goIn', keys: ['Shift+i'], run: goTo(() => range.value.start) }),
  of({ id: 'timeline.goOut', label: 'transport.goOut', keys: ['Shift+o'], run: goTo(() => range.value.end - 1) }),
  of({ id: 'timeline.clearRange', label: 'transport.clearRange', run: clearRange }, needsRange),
  markerAction,
  of(
    { id: 'timeline.nextMarker', label: 'transport.marker.next', keys: ['Shift+m'], run: goToNextMarker },
    needsMarker,
  ),
  rangeAction,
  of({ id: 'timeline.nextRange', label: 'ranges.next', keys: ['Shift+r'], run: goToNextRange }, needsRanges),
  ...[leaveRangeAction, removeRangeAction],
  soundAction,
  toggleTimelineAction,
];
