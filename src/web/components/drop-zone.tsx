/** A place that takes files: dropped, pasted or picked. */
import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { filesOf } from '../state/dropped-files.ts';

export interface DropZoneProps {
  /** Name of the region. */
  readonly label: string;
  /** As for `input type=file`. */
  readonly accept: string;
  readonly multiple?: boolean;
  readonly class?: string;
  readonly error?: string | undefined;
  readonly onFiles: (files: readonly File[]) => void;
  /** @param pick opens the file picker */
  readonly children: (pick: () => void) => ComponentChildren;
}

export function DropZone(props: DropZoneProps): JSX.Element {
  const { label, accept, multiple = false, error, onFiles, children } = props;
  const input = useRef<HTMLInputElement | null>(null);
  // Children make enter and leave events of their own.
  const depth = useRef(0);
  const [isOver, setOver] = useState(false);
  const end = (): void => {
    depth.current = 0;
    setOver(false);
  };
  return (
    <div
      role="group"
      aria-label={label}
      class={[props.class ?? 'drop', isOver ? 'is-over' : '', error ? 'is-error' : ''].filter((name) => name).join(' ')}
      onDragEnter={(event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        depth.current++;
        setOver(true);
      }}
      onDragLeave={() => --depth.current <= 0 && end()}
      onDragOver={(event) => event.dataTransfer?.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => {
        end();
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        event.stopPropagation();
        void filesOf(event.dataTransfer).then(
          (files) => files.length > 0 && onFiles(multiple ? files : files.slice(0, 1)),
        );
      }}
    >
      {children(() => input.current?.click())}
      <input
        ref={input}
        type="file"
        class="sr"
        tabIndex={-1}
        aria-hidden="true"
        accept={accept}
        multiple={multiple}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </div>
  );
}
