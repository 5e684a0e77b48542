/** The card of an outcome: what happened, why, the facts, what to do, and a word below. */
import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from '../icons/icon.tsx';
import type { FactRow } from '../state/error-facts.ts';
import type { ErrorWords } from '../state/error-words.ts';
import { Original } from './error-text.tsx';

export interface OutcomeBoxProps {
  readonly icon: IconName;
  readonly tone: 'warning' | 'danger' | 'info';
  readonly title: string;
  readonly why?: ComponentChildren;
  readonly facts?: readonly FactRow[];
  readonly hint?: string | undefined;
  /** Of the error that it is about: what the service said is shown where it is asked for. */
  readonly words?: ErrorWords | undefined;
  /** The part of the picture that it covers. Default: its middle. */
  readonly place?: 'low' | 'high';
  /** Buttons, the first one primary. */
  readonly children?: ComponentChildren;
}

export const OutcomeBox = (props: OutcomeBoxProps): JSX.Element => (
  <div class={`msgcard ${props.place ?? ''}`} role="alert">
    <span class={`msgicon ${props.tone}`}>
      <Icon name={props.icon} size={20} />
    </span>
    <h2>{props.title}</h2>
    {props.why}
    {props.facts && props.facts.length > 0 ? (
      <dl class="facts">
        {props.facts.map(([name, value, isId]) => (
          <>
            <dt>{name}</dt>
            <dd class={isId ? 'mono' : undefined}>{value}</dd>
          </>
        ))}
      </dl>
    ) : (
      <div class="msggap" />
    )}
    <div class="row wrap">{props.children}</div>
    {props.hint && <p class="hint msghint">{props.hint}</p>}
    {props.words && <Original words={props.words} />}
  </div>
);
