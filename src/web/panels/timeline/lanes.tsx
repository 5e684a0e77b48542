/** One lane a person: when they are seen, and whether anything is done to them. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { ServicePicture } from '../../components/service-picture.tsx';
import { formatTimecode, t } from '../../i18n/i18n.ts';
import { project } from '../../state/document.ts';
import { people, type ShownPerson, shownPeople } from '../../state/people.ts';
import { isPlaying } from '../../state/preview.ts';
import { fps, frameCount, seek } from '../../state/target.ts';
import { selectedPerson } from '../../state/view.ts';
import { isKept, personClass, personName } from '../stage/person-look.ts';
import { cutAt, joinNear, type Stretch } from './timeline-math.ts';
import { trackWidth } from './track-width.ts';

/** Narrower ones, in CSS pixels, have no room for a thumbnail. */
const THUMB_ROOM = 28;

/** Arrow keys go from one thumbnail of a lane to the next; only the first is in the tab order. */
function moveAmong(event: KeyboardEvent): void {
  const button = event.currentTarget as HTMLElement;
  const all = [...(button.closest('.track')?.querySelectorAll('button') ?? [])];
  const at = all.indexOf(button as HTMLButtonElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined ? undefined : all[to];
  if (to === undefined) return;
  event.preventDefault();
  next?.focus();
}

function go(shown: ShownPerson, to: number): void {
  isPlaying.value = false;
  selectedPerson.value = shown.person.id;
  seek(to);
}

function Lane({ shown }: { readonly shown: ShownPerson }): JSX.Element {
  const all = frameCount.value;
  const width = trackWidth.value;
  const { spans } = shown.person;
  const { ranges } = project.value.value;
  const seen = useMemo(() => joinNear(spans, (2 * all) / width), [spans, all, width]);
  const stretches = useMemo(
    () =>
      cutAt(
        seen,
        ranges.flatMap(({ start, end }) => [start, end]),
      ),
    [seen, ranges],
  );
  const time = (frame: number): string => formatTimecode(frame, fps.value);
  const hasRoom = ({ start, end }: Stretch): boolean =>
    ((end - start) / all) * width >= THUMB_ROOM && seen.some((one) => one.start === start);
  const first = stretches.find(hasRoom);
  const name = personName(shown);
  return (
    <div class={`tl-row lane ${personClass(shown)}`} role="listitem">
      <div class="name">
        <span class="pnum">{shown.number}</span>
        <span class="cut" dir="auto">
          {name}
        </span>
      </div>
      <div class="track">
        {stretches.map((stretch) => (
          <span
            key={stretch.start}
            class={isKept(shown, stretch.start) ? 'seg-p keep' : 'seg-p'}
            style={{
              left: `${(100 * stretch.start) / all}%`,
              width: `${(100 * (stretch.end - stretch.start)) / all}%`,
            }}
          >
            {hasRoom(stretch) && (
              <button
                type="button"
                class="lanethumb"
                tabIndex={stretch === first ? 0 : -1}
                aria-label={t('timeline.span', { person: name, from: time(stretch.start), to: time(stretch.end - 1) })}
                onClick={() => go(shown, stretch.start)}
                onKeyDown={moveAmong}
              >
                <ServicePicture path={shown.person.pictureUrl} icon="user" />
              </button>
            )}
          </span>
        ))}
      </div>
    </div>
  );
}

export function Lanes(): JSX.Element | null {
  const shown = shownPeople.value;
  if (people.value.state === 'loading') {
    return (
      <div class="tl-row lane is-waiting">
        <div class="name t3">
          <span class="cut">{t('timeline.looking')}</span>
        </div>
        <div class="track" aria-busy="true" />
      </div>
    );
  }
  if (shown.length === 0) return null;
  return (
    <div class="lanes" role="list" aria-label={t('timeline.people')}>
      {shown.map((one) => (
        <Lane key={one.person.id} shown={one} />
      ))}
    </div>
  );
}
