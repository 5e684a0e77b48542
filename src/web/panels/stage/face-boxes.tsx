/** Boxes around faces: who it is, and what becomes of them. A click selects the person. */
import type { JSX } from 'preact';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { type FaceBox, faceBoxes, possibleFace } from '../../state/boxes.ts';
import type { Box } from '../../state/face-tracks.ts';
import { frame } from '../../state/preview.ts';
import { selectedPerson } from '../../state/view.ts';
import { pictureSize } from '../../state/zoom.ts';
import { becomes, inWords, isKept, isPinned, personClass } from './person-look.ts';
import { shownFrame } from './what-is-shown.ts';

/** Share of the height below which there is room for a label above a box. */
const ROOM_ABOVE = 0.07;

const place = ({ x0, y0, x1, y1 }: Box): Record<string, string> => {
  const { width, height } = pictureSize.value;
  const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;
  return {
    left: percent(x0, width),
    top: percent(y0, height),
    width: percent(x1 - x0, width),
    height: percent(y1 - y0, height),
  };
};

const isHigh = ({ y0 }: Box): boolean => y0 / pictureSize.value.height < ROOM_ABOVE;

function PersonBox({ box, person, isEstimate }: FaceBox): JSX.Element {
  if (!person) return <span class="facebox unknown" style={place(box)} title={t('stage.face.unknown')} />;
  const isSelected = selectedPerson.value === person.person.id;
  const classes = [
    'facebox',
    personClass(person),
    isKept(person) ? 'keep' : '',
    isSelected || isPinned(person) ? 'is-selected' : '',
    isEstimate ? 'is-estimate' : '',
    isHigh(box) ? 'label-below' : '',
  ];
  return (
    <button
      type="button"
      class={classes.filter((name) => name !== '').join(' ')}
      style={place(box)}
      aria-label={inWords(person)}
      aria-pressed={isSelected}
      onClick={() => {
        selectedPerson.value = person.person.id;
      }}
    >
      <span aria-hidden="true">
        <span class="pnum" data-number={person.number} />
        {becomes(person)}
        {isPinned(person) && <Icon name="pin" size={14} />}
      </span>
    </button>
  );
}

/** Only over the frame that they are of. */
export function FaceBoxes(): JSX.Element | null {
  if (shownFrame.value !== frame.value) return null;
  const possible = possibleFace.value;
  return (
    <div class="stage-layer">
      {faceBoxes.value.map((face, index) => (
        <PersonBox key={face.person?.person.id ?? `unknown ${index}`} {...face} />
      ))}
      {possible && faceBoxes.value.length === 0 && (
        <span class="facebox possible" style={place(possible.box)}>
          <span>{t('stage.face.possible', { score: possible.score.toFixed(2) })}</span>
        </span>
      )}
    </div>
  );
}
