/** Why there is no result: what happened, the facts, and what can be done. */
import type { ComponentChildren, JSX } from 'preact';
import { chooseTargetAction } from '../../actions/sources.ts';
import { Button } from '../../components/button.tsx';
import { formatNumber, t } from '../../i18n/i18n.ts';
import { Icon, type IconName } from '../../icons/icon.tsx';
import { ApiError } from '../../state/api.ts';
import { FACE_SCORE, possibleFace } from '../../state/boxes.ts';
import { project } from '../../state/document.ts';
import { originalError } from '../../state/original.ts';
import { people, shownPeople } from '../../state/people.ts';
import { isPlaying, isPreviewing, previewError, refresh } from '../../state/preview.ts';
import { isVideo, targetError } from '../../state/target.ts';

interface CardProps {
  readonly icon: IconName;
  readonly tone: 'warning' | 'danger' | 'info';
  readonly title: string;
  readonly why: string | undefined;
  readonly facts?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly hint?: string | undefined;
  readonly children: ComponentChildren;
}

const Card = ({ icon, tone, title, why, facts = [], hint, children }: CardProps): JSX.Element => (
  <div class={`msgcard ${tone === 'danger' ? '' : 'low'}`} role="alert">
    <span class={`msgicon ${tone}`}>
      <Icon name={icon} size={20} />
    </span>
    <h2>{title}</h2>
    {why && <p class="why">{why}</p>}
    {facts.length > 0 ? (
      <dl class="facts">
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    ) : (
      <div class="msggap" />
    )}
    <div class="row wrap">{children}</div>
    {hint && <p class="hint msghint">{hint}</p>}
  </div>
);

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
  return (
    <Card
      icon="users"
      tone="warning"
      title={t(isVideo.value ? 'outcome.noFace.video' : 'outcome.noFace.photo')}
      why={face ? t('outcome.noFace.possible') : error?.message}
      facts={
        face && [
          [t('outcome.noFace.size'), t('outcome.noFace.size.value', { pixels: Math.round(face.box.x1 - face.box.x0) })],
          [
            t('outcome.noFace.score'),
            t('outcome.noFace.score.value', { score: formatNumber(face.score, 2), needed: needed.toFixed(2) }),
          ],
        ]
      }
    >
      {canAccept && (
        <Button kind="primary" onClick={() => acceptUnclear(face.score)}>
          {t('outcome.noFace.search')}
        </Button>
      )}
      <ChooseTarget isFirst={!canAccept} />
    </Card>
  );
}

/** There are faces, but none that can be worked on. */
function LeftAlone({ error }: { readonly error: ApiError }): JSX.Element {
  const largest = Math.max(...shownPeople.value.map(({ person }) => person.meanSize));
  const size = t('outcome.noFace.size.value', { pixels: Math.round(largest) });
  return (
    <Card
      {...{ icon: 'users', tone: 'warning', title: t('outcome.leftAlone'), why: error.message }}
      facts={[[t('outcome.leftAlone.largest'), size]]}
      hint={t('outcome.leftAlone.hint')}
    >
      <ChooseTarget isFirst />
    </Card>
  );
}

const POLICY: readonly string[] = ['CONTENT_BLOCKED', 'POLICY_FORBIDS', 'LICENSE_FORBIDS_COMMERCIAL_USE'];

function Failure({ error }: { readonly error: ApiError }): JSX.Element {
  if (POLICY.includes(error.code)) {
    return (
      <Card
        {...{ icon: 'block', tone: 'danger', title: t('outcome.blocked'), why: error.message }}
        facts={[[t('outcome.code'), error.code]]}
        hint={[t('outcome.blocked.why'), error.hint].filter((text) => text !== undefined).join(' ')}
      >
        <ChooseTarget isFirst />
      </Card>
    );
  }
  const isSource = error.code === 'SOURCE_NO_FACE';
  const facts = [
    [t('outcome.code'), error.code] as const,
    ...(error.requestId === undefined ? [] : [[t('outcome.request'), error.requestId] as const]),
  ];
  return (
    <Card
      {...{ icon: isSource ? 'user' : 'warning', tone: 'warning', why: error.message, hint: error.hint, facts }}
      title={t(isSource ? 'outcome.noSource' : 'outcome.failed')}
    >
      <Button kind="primary" onClick={() => refresh(true)}>
        {t('outcome.again')}
      </Button>
      <ChooseTarget />
    </Card>
  );
}

const Offline = (): JSX.Element => (
  <Card icon="warning" tone="warning" title={t('outcome.offline')} why={t('outcome.offline.why')}>
    <Button kind="primary" onClick={() => refresh(true)}>
      {t('outcome.again')}
    </Button>
  </Card>
);

/** What there is to say, if anything. */
export function StageOutcome(): JSX.Element | null {
  if (isPlaying.value) return null;
  const gone = targetError.value ?? originalError.value;
  if (gone instanceof ApiError && gone.status === 404) {
    return (
      <Card icon="image" tone="warning" title={t('outcome.gone')} why={gone.message} hint={gone.hint}>
        <ChooseTarget isFirst />
      </Card>
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
