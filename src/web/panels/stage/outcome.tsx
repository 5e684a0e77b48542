/** Why there is no result: what happened, the facts, and what can be done. */
import type { JSX } from 'preact';
import { chooseTargetAction } from '../../actions/sources.ts';
import { Button } from '../../components/button.tsx';
import { Why } from '../../components/error-text.tsx';
import { OutcomeBox } from '../../components/outcome-box.tsx';
import { t } from '../../i18n/i18n.ts';
import { isPolicyCode } from '../../pages/result/outcome-words.ts';
import { ApiError } from '../../state/api.ts';
import { FACE_SCORE, possibleFace } from '../../state/boxes.ts';
import { project } from '../../state/document.ts';
import { factRows } from '../../state/error-facts.ts';
import { type ErrorFacts, errorWords } from '../../state/error-words.ts';
import { originalError } from '../../state/original.ts';
import { people, shownPeople } from '../../state/people.ts';
import { isPlaying, isPreviewing, previewError, refresh } from '../../state/preview.ts';
import { setRange } from '../../state/range.ts';
import { fps, isVideo, range, targetError } from '../../state/target.ts';
import { pictureSize } from '../../state/zoom.ts';

const ChooseTarget = ({ isFirst = false }: { readonly isFirst?: boolean }): JSX.Element => (
  <Button kind={isFirst ? 'primary' : 'plain'} onClick={() => void chooseTargetAction.run()}>
    {t('outcome.chooseTarget')}
  </Button>
);

/** A score below that of what may be a face, as options have it. */
const scoreBelow = (score: number): number => Math.floor(score * 100) / 100;

function acceptUnclear(score: number): void {
  project.change('change.detector', (document) => ({
    ...document,
    options: { ...document.options, faceDetectorScore: scoreBelow(score) },
  }));
}

function NoFace({ error }: { readonly error: ApiError | undefined }): JSX.Element {
  const face = possibleFace.value;
  const chosen = project.value.value.options.faceDetectorScore;
  const needed = typeof chosen === 'number' ? chosen : FACE_SCORE;
  const canAccept = face !== undefined && face.score < needed;
  const words = error && errorWords(error);
  return (
    <OutcomeBox
      {...{ icon: 'users', tone: 'warning', words }}
      // What is spoken of stays in sight.
      place={face && face.box.y0 + face.box.y1 > pictureSize.value.height ? 'high' : 'low'}
      title={t(isVideo.value ? 'outcome.noFace.video' : 'outcome.noFace.photo')}
      why={face ? <p class="why">{t('outcome.noFace.possible')}</p> : words && <Why words={words} />}
      hint={face ? undefined : words?.next}
      facts={
        (face && [
          [t('outcome.noFace.size'), t('outcome.noFace.size.value', { pixels: Math.round(face.box.x1 - face.box.x0) })],
          [
            t('outcome.noFace.score'),
            t('outcome.noFace.score.value', { score: face.score.toFixed(2), needed: needed.toFixed(2) }),
          ],
        ]) ||
        []
      }
    >
      {canAccept && (
        <Button kind="primary" onClick={() => acceptUnclear(face.score)}>
          {t('outcome.noFace.search')}
        </Button>
      )}
      <ChooseTarget isFirst={!canAccept} />
    </OutcomeBox>
  );
}

/** There are faces, but none that can be worked on. */
function LeftAlone({ error }: { readonly error: ApiError }): JSX.Element {
  const largest = Math.max(...shownPeople.value.map(({ person }) => person.meanSize));
  const size = t('outcome.noFace.size.value', { pixels: Math.round(largest) });
  const words = errorWords(error);
  return (
    <OutcomeBox
      {...{ icon: 'users', tone: 'warning', place: 'low', title: t('outcome.leftAlone'), words }}
      why={<Why words={words} />}
      facts={[[t('outcome.leftAlone.largest'), size]]}
      hint={t('outcome.leftAlone.hint')}
    >
      <ChooseTarget isFirst />
    </OutcomeBox>
  );
}

/** What was found at a frame of the clip can be left out; nothing goes round what was found elsewhere. */
function PolicySteps({ frame = 0, role }: ErrorFacts): JSX.Element {
  const { start } = range.value;
  const canEndBefore = role !== 'source' && isVideo.value && frame > start;
  return (
    <>
      {canEndBefore && (
        <Button kind="primary" onClick={() => setRange(start, frame)}>
          {t('outcome.endBefore')}
        </Button>
      )}
      <ChooseTarget isFirst={!canEndBefore && role !== 'source'} />
    </>
  );
}

function Failure({ error }: { readonly error: ApiError }): JSX.Element {
  const words = errorWords(error);
  const facts = factRows(error.facts, isVideo.value ? fps.value : undefined);
  const code = [t('outcome.code'), error.code, true] as const;
  if (isPolicyCode(error.code)) {
    return (
      <OutcomeBox
        {...{ icon: 'block', tone: 'danger', title: words.title, words }}
        why={<Why words={words} more={words.isOriginal ? t('outcome.blockedWhy') : undefined} />}
        facts={facts.length > 0 ? facts : [code]}
        hint={t('outcome.appeal')}
      >
        <PolicySteps {...error.facts} />
      </OutcomeBox>
    );
  }
  const isSource = error.code === 'SOURCE_NO_FACE';
  const request = error.requestId === undefined ? [] : [[t('outcome.request'), error.requestId, true] as const];
  return (
    <OutcomeBox
      {...{ icon: isSource ? 'user' : 'warning', tone: 'warning', place: 'low', title: words.title, words }}
      why={<Why words={words} />}
      hint={words.next}
      facts={[...facts, code, ...request]}
    >
      <Button kind="primary" onClick={() => refresh(true)}>
        {t('outcome.again')}
      </Button>
      <ChooseTarget />
    </OutcomeBox>
  );
}

const Offline = (): JSX.Element => (
  <OutcomeBox
    {...{ icon: 'warning', tone: 'warning', place: 'low', title: t('outcome.offline') }}
    why={<p class="why">{t('outcome.offline.why')}</p>}
  >
    <Button kind="primary" onClick={() => refresh(true)}>
      {t('outcome.again')}
    </Button>
  </OutcomeBox>
);

/** What there is to say, if anything. */
export function StageOutcome(): JSX.Element | null {
  if (isPlaying.value) return null;
  const gone = targetError.value ?? originalError.value;
  if (gone instanceof ApiError && gone.status === 404) {
    return (
      <OutcomeBox
        {...{ icon: 'image', tone: 'warning', place: 'low', title: t('outcome.gone') }}
        why={<Why words={errorWords(gone)} />}
        hint={errorWords(gone).next}
      >
        <ChooseTarget isFirst />
      </OutcomeBox>
    );
  }
  const error: unknown = previewError.value;
  const found = people.value;
  const isNobody = found.state === 'there' && found.value.persons.length === 0;
  if (error instanceof ApiError) {
    if (error.code === 'CANCELLED') return null;
    if (error.code !== 'TARGET_NO_FACE') return <Failure error={error} />;
    if (shownPeople.value.length === 0) return <NoFace error={error} />;
    // Of a video it is this frame only: a word at the picture is enough.
    return isVideo.value ? null : <LeftAlone error={error} />;
  }
  if (error) return <Offline />;
  const isAccepted = project.value.value.options.faceDetectorScore !== undefined;
  return isNobody && !isAccepted && !isPreviewing.value ? <NoFace error={undefined} /> : null;
}
