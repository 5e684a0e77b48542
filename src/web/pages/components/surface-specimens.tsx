/** What holds or marks something: chips, cards, drop zones, progress, tables. */
import type { JSX } from 'preact';
import { Button } from '../../components/button.tsx';
import { DropZone } from '../../components/drop-zone.tsx';
import { Progress, Skeleton } from '../../components/progress.tsx';
import { Icon, type IconName } from '../../icons/icon.tsx';
import { type ComponentText, c } from './component-texts.ts';
import { Cell, Group } from './specimen.tsx';

const CHIPS: readonly (readonly [string, ComponentText, IconName | undefined])[] = [
  ['', 'modified', undefined],
  ['accent', 'pinned', 'pin'],
  ['success', 'verified', 'shield'],
  ['warning', 'missing', 'warning'],
  ['danger', 'locked', 'lock'],
  ['info', 'draft', 'info'],
];

const DROPS: readonly (readonly [ComponentText, string, ComponentText, IconName])[] = [
  ['rest', '', 'dropFace', 'upload'],
  ['hover', 'is-hover', 'dropFace', 'upload'],
  ['over', 'is-over', 'release', 'upload'],
  ['error', 'is-error', 'notPicture', 'warning'],
];

const Card = ({ look = '' }: { readonly look?: string }): JSX.Element => (
  <div class={`card row spec-wide ${look}`}>
    <span class="thumb keep">
      <Icon name="user" />
    </span>
    <span>
      <span class="med">{c('sourceA')}</span>
      <br />
      <span class="xs t3">{c('photos')}</span>
    </span>
  </div>
);

export const SurfaceSpecimens = (): JSX.Element => (
  <>
    <Group title="chip" rule="chipRule" columns={3}>
      <Cell state="meaning">
        {CHIPS.map(([look, text, icon]) => (
          <span class={`chip ${look}`} key={text}>
            {icon && <Icon name={icon} />}
            {c(text)}
          </span>
        ))}
      </Cell>
      <Cell state="onPicture">
        <span class="spec-stage">
          <span class="chip onpic">
            {c('frame')} <span class="spec-hud2">00:00:16:12</span>
          </span>
        </span>
      </Cell>
      <Cell state="person">
        {[1, 2, 3, 4, 5, 6].map((number) => (
          <span class={`pnum p${number}`} key={number}>
            {number}
          </span>
        ))}
      </Cell>
    </Group>
    <Group title="card" rule="cardRule">
      <Cell state="rest">
        <Card />
      </Cell>
      <Cell state="hover">
        <Card look="is-hover" />
      </Cell>
      <Cell state="selected">
        <Card look="is-selected" />
      </Cell>
    </Group>
    <Group title="drop" rule="dropRule">
      {DROPS.map(([state, look, text, icon]) => (
        <Cell state={state} key={state}>
          <div class={`drop spec-drop ${look}`}>
            <Icon name={icon} size={20} />
            <span>{c(text)}</span>
          </div>
        </Cell>
      ))}
      <Cell state="live">
        <DropZone label={c('drop')} accept="image/*" class="drop spec-drop" onFiles={() => undefined}>
          {(pick) => (
            <>
              <span>{c('dropFace')}</span>
              <Button size="sm" onClick={pick}>
                {c('choose')}
              </Button>
            </>
          )}
        </DropZone>
      </Cell>
    </Group>
    <Group title="progress" rule="progressRule" columns={6}>
      <Cell state="running">
        <Bar share={0.62} />
      </Cell>
      <Cell state="waiting">
        <Bar share={0} />
      </Cell>
      <Cell state="paused">
        <Bar share={0.38} kind="idle" />
      </Cell>
      <Cell state="failed">
        <Bar share={0.38} kind="danger" />
      </Cell>
      <Cell state="done">
        <Bar share={1} kind="success" />
      </Cell>
      <Cell state="skeleton">
        <Skeleton width="40px" height={40} />
        <Skeleton width="96px" height={12} />
      </Cell>
    </Group>
    <TableSpecimen />
  </>
);

const Bar = (props: { readonly share: number; readonly kind?: 'idle' | 'danger' | 'success' }): JSX.Element => (
  <span class="spec-full">
    <Progress label={c('progress')} large {...props} />
  </span>
);

const TableSpecimen = (): JSX.Element => (
  <Group title="table" rule="tableRule">
    <div class="box">
      <table class="tbl">
        <thead>
          <tr>
            <th scope="col">{c('modelName')}</th>
            <th scope="col">{c('licence')}</th>
            <th scope="col" class="num">
              {c('size')}
            </th>
            <th scope="col">{c('state')}</th>
          </tr>
        </thead>
        <tbody>
          {(['rest', 'hover', 'selected'] as const).map((state) => (
            <tr class={state === 'rest' ? undefined : `is-${state}`} key={state}>
              <td class="med">esrgan-slim-x2</td>
              <td>MIT</td>
              <td class="num">1.9 MB</td>
              <td class="t2">{c(state)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </Group>
);
