/** What is pressed, typed into or moved. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, IconButton } from '../../components/button.tsx';
import { moveInRadios, Segmented, Slider, Toggle } from '../../components/controls.tsx';
import { Select } from '../../components/select.tsx';
import { Icon } from '../../icons/icon.tsx';
import { c } from './component-texts.ts';
import { Cell, Group } from './specimen.tsx';

const nothing = (): void => undefined;

/** Looks of a state that a specimen cannot be in by itself. */
const Drawn = ({ look }: { readonly look: string }): JSX.Element => (
  <>
    <button type="button" class={`btn btn-primary ${look}`}>
      <Icon name="play" />
      {c('start')}
    </button>
    <button type="button" class={`btn ${look}`}>
      {c('choose')}
    </button>
    <button type="button" class={`btn btn-ghost ${look}`}>
      {c('cancel')}
    </button>
    <button type="button" class={`btn btn-danger ${look}`}>
      {c('delete')}
    </button>
  </>
);

export const InputSpecimens = (): JSX.Element => (
  <>
    <Group title="button" rule="buttonRule" columns={3}>
      <Cell state="rest">
        <Drawn look="" />
      </Cell>
      <Cell state="hover">
        <Drawn look="is-hover" />
      </Cell>
      <Cell state="press">
        <Drawn look="is-press" />
      </Cell>
      <Cell state="focus">
        <Drawn look="is-focus" />
      </Cell>
      <Cell state="disabled">
        <Button kind="primary" icon="play" disabledReason={c('reason')} onClick={nothing}>
          {c('start')}
        </Button>
        <Button disabledReason={c('reason')} onClick={nothing}>
          {c('choose')}
        </Button>
        <Button kind="ghost" disabledReason={c('reason')} onClick={nothing}>
          {c('cancel')}
        </Button>
      </Cell>
      <Cell state="busy">
        <Button kind="primary" icon="retry" busy onClick={nothing}>
          {c('starting')}
        </Button>
      </Cell>
      <Cell state="sizes">
        <Button size="sm" onClick={nothing}>
          28
        </Button>
        <Button onClick={nothing}>32</Button>
        <Button size="lg" onClick={nothing}>
          {c('large')}
        </Button>
      </Cell>
      <Cell state="icon">
        <IconButton icon="undo" label={c('undo')} keys="Ctrl+z" onClick={nothing} />
        <IconButton icon="users" label={c('boxes')} pressed onClick={nothing} />
        <IconButton icon="x" label={c('close')} disabledReason={c('reason')} onClick={nothing} />
      </Cell>
    </Group>
    <Group title="field" rule="fieldRule" columns={5}>
      <Cell state="rest">
        <input class="field" aria-label={c('field')} placeholder={c('untitled')} />
      </Cell>
      <Cell state="hover">
        <input class="field is-hover" aria-label={c('field')} value="spring-01" />
      </Cell>
      <Cell state="focus">
        <input class="field is-focus" aria-label={c('field')} value="spring-01" />
      </Cell>
      <Cell state="disabled">
        <input class="field is-disabled" aria-label={c('field')} disabled value={c('byPolicy')} />
      </Cell>
      <Cell state="error">
        <input
          class="field is-error"
          aria-label={c('field')}
          aria-invalid="true"
          aria-describedby="spec-error"
          value="140"
        />
        <span class="hint err" id="spec-error">
          <Icon name="warning" size={14} />
          {c('range')}
        </span>
      </Cell>
    </Group>
    <SelectSpecimens />
    <SliderSpecimens />
    <ToggleSpecimens />
    <SegmentedSpecimens />
  </>
);

function SelectSpecimens(): JSX.Element {
  const [format, setFormat] = useState<'h264' | 'h265' | 'av1'>('h264');
  const drawn = (look: string): JSX.Element => (
    <button type="button" class={`select ${look}`} aria-disabled={look === 'is-disabled' ? 'true' : undefined}>
      <span class="cut">MP4 H.264</span>
      <Icon name="chevronDown" />
    </button>
  );
  return (
    <Group title="select" rule="selectRule" columns={5}>
      <Cell state="live">
        <Select
          label={c('format')}
          value={format}
          onChange={setFormat}
          choices={[
            { value: 'h264', label: 'MP4 H.264' },
            { value: 'h265', label: 'MP4 H.265' },
            { value: 'av1', label: 'WebM AV1', disabled: true },
          ]}
        />
      </Cell>
      <Cell state="rest">{drawn('')}</Cell>
      <Cell state="hover">{drawn('is-hover')}</Cell>
      <Cell state="focus">{drawn('is-focus')}</Cell>
      <Cell state="disabled">{drawn('is-disabled')}</Cell>
    </Group>
  );
}

function SliderSpecimens(): JSX.Element {
  const [value, setValue] = useState(80);
  const common = { label: c('blend'), min: 0, max: 100, step: 1, unit: '%' } as const;
  return (
    <Group title="slider" rule="sliderRule">
      <Cell state="live">
        <span class="spec-wide">
          <Slider {...common} value={value} initial={80} onChange={setValue} />
        </span>
      </Cell>
      <Cell state="disabled">
        <span class="spec-wide">
          <Slider {...common} value={80} disabled onChange={nothing} />
        </span>
      </Cell>
    </Group>
  );
}

function ToggleSpecimens(): JSX.Element {
  const [isOn, setOn] = useState(false);
  return (
    <Group title="toggle" rule="toggleRule" columns={5}>
      <Cell state="live">
        <Toggle label={c('sample')} on={isOn} onChange={setOn} />
      </Cell>
      <Cell state="offOn">
        <Toggle label={c('sample')} on={false} onChange={nothing} />
        <Toggle label={c('sample')} on onChange={nothing} />
      </Cell>
      <Cell state="disabled">
        <Toggle label={c('sample')} on={false} disabled onChange={nothing} />
        <Toggle label={c('sample')} on disabled onChange={nothing} />
      </Cell>
      <Cell state="checkbox">
        {['', 'on', 'on is-focus'].map((look) => (
          <span class="check" key={look}>
            <span class={`box ${look}`}>{look && <Icon name="check" size={14} />}</span>
          </span>
        ))}
      </Cell>
      <Cell state="radio">
        {['', 'on', 'on is-focus'].map((look) => (
          <span class="check" key={look}>
            <span class={`box radio ${look}`} />
          </span>
        ))}
      </Cell>
    </Group>
  );
}

function SegmentedSpecimens(): JSX.Element {
  const [view, setView] = useState<'split' | 'side' | 'result'>('split');
  const [tab, setTab] = useState('CLI');
  return (
    <Group title="segmented" rule="segmentedRule" columns={2}>
      <Cell state="live">
        <Segmented
          label={c('segmented')}
          value={view}
          onChange={setView}
          choices={[
            { value: 'split', label: c('split'), icon: 'split' },
            { value: 'side', label: c('side') },
            { value: 'result', label: c('result') },
          ]}
        />
      </Cell>
      <Cell state="tabs">
        <div class="tabs" role="tablist" aria-label={c('tabs')}>
          {['CLI', 'API', 'JSON'].map((name) => (
            <button
              type="button"
              role="tab"
              key={name}
              aria-selected={tab === name}
              tabIndex={tab === name ? 0 : -1}
              onKeyDown={moveInRadios}
              onClick={() => setTab(name)}
            >
              {name}
            </button>
          ))}
        </div>
      </Cell>
    </Group>
  );
}
