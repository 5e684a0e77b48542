/** Icons of Lucide (ISC), drawn with the text's colour. A name here is one more line. */

import setOut from 'lucide-static/icons/arrow-left-from-line.svg?raw';
import arrow from 'lucide-static/icons/arrow-right.svg?raw';
import setIn from 'lucide-static/icons/arrow-right-from-line.svg?raw';
import block from 'lucide-static/icons/ban.svg?raw';
import bell from 'lucide-static/icons/bell.svg?raw';
import brackets from 'lucide-static/icons/brackets.svg?raw';
import camera from 'lucide-static/icons/camera.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import chevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import chevronUp from 'lucide-static/icons/chevron-up.svg?raw';
import handles from 'lucide-static/icons/chevrons-left-right.svg?raw';
import clock from 'lucide-static/icons/clock.svg?raw';
import side from 'lucide-static/icons/columns-2.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import cpu from 'lucide-static/icons/cpu.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import mark from 'lucide-static/icons/droplet.svg?raw';
import dots from 'lucide-static/icons/ellipsis.svg?raw';
import eye from 'lucide-static/icons/eye.svg?raw';
import film from 'lucide-static/icons/film.svg?raw';
import flag from 'lucide-static/icons/flag.svg?raw';
import flip from 'lucide-static/icons/flip-horizontal-2.svg?raw';
import folder from 'lucide-static/icons/folder.svg?raw';
import globe from 'lucide-static/icons/globe.svg?raw';
import grid from 'lucide-static/icons/grid-2x2.svg?raw';
import grip from 'lucide-static/icons/grip-vertical.svg?raw';
import image from 'lucide-static/icons/image.svg?raw';
import info from 'lucide-static/icons/info.svg?raw';
import keyboard from 'lucide-static/icons/keyboard.svg?raw';
import list from 'lucide-static/icons/list.svg?raw';
import lock from 'lucide-static/icons/lock.svg?raw';
import fullscreen from 'lucide-static/icons/maximize.svg?raw';
import minus from 'lucide-static/icons/minus.svg?raw';
import moon from 'lucide-static/icons/moon.svg?raw';
import hand from 'lucide-static/icons/move-horizontal.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import pencil from 'lucide-static/icons/pencil.svg?raw';
import pin from 'lucide-static/icons/pin.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import redo from 'lucide-static/icons/redo-2.svg?raw';
import refresh from 'lucide-static/icons/refresh-cw.svg?raw';
import retry from 'lucide-static/icons/rotate-ccw.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import shield from 'lucide-static/icons/shield-check.svg?raw';
import sliders from 'lucide-static/icons/sliders-horizontal.svg?raw';
import stop from 'lucide-static/icons/square.svg?raw';
import split from 'lucide-static/icons/square-split-horizontal.svg?raw';
import previous from 'lucide-static/icons/step-back.svg?raw';
import next from 'lucide-static/icons/step-forward.svg?raw';
import sun from 'lucide-static/icons/sun.svg?raw';
import terminal from 'lucide-static/icons/terminal.svg?raw';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import warning from 'lucide-static/icons/triangle-alert.svg?raw';
import undo from 'lucide-static/icons/undo-2.svg?raw';
import upload from 'lucide-static/icons/upload.svg?raw';
import user from 'lucide-static/icons/user.svg?raw';
import users from 'lucide-static/icons/users.svg?raw';
import volume from 'lucide-static/icons/volume-2.svg?raw';
import silent from 'lucide-static/icons/volume-x.svg?raw';
import x from 'lucide-static/icons/x.svg?raw';
import zoomIn from 'lucide-static/icons/zoom-in.svg?raw';
import type { JSX } from 'preact';

const SOURCES = {
  ...{ arrow, block, camera, check, chevronDown, chevronRight, chevronUp, clock, copy, cpu, dots, download, eye, film },
  ...{
    flag,
    flip,
    folder,
    fullscreen,
    globe,
    grid,
    grip,
    hand,
    image,
    info,
    keyboard,
    list,
    lock,
    mark,
    moon,
    next,
    pause,
  },
  ...{ pin },
  ...{ play, plus, previous, redo, retry, search, setIn, setOut, shield, side, sliders, split, stop, sun, terminal },
  ...{ chevronLeft, handles },
  ...{ bell, trash, undo, upload, user, users, volume, warning, x, zoomIn },
  ...{ chevronLeft, handles, minus, refresh, silent },
  ...{ brackets, pencil },
} as const;

export type IconName = keyof typeof SOURCES;
export const ICON_NAMES = Object.keys(SOURCES) as readonly IconName[];

/** What is inside of the `svg` element of a file. */
const inside = (source: string): string =>
  source.slice(source.indexOf('>', source.indexOf('<svg')) + 1, source.lastIndexOf('</svg>'));

export interface IconProps {
  readonly name: IconName;
  /** Pixels; 16 where nothing else is said. */
  readonly size?: 14 | 16 | 20 | 24 | 32;
}

/** A picture beside a word, or in a button that has a name of its own: it says nothing to a screen reader. */
export const Icon = ({ name, size = 16 }: IconProps): JSX.Element => (
  <svg
    class={size === 16 ? 'ic' : `ic ic-${size}`}
    viewBox="0 0 24 24"
    aria-hidden="true"
    dangerouslySetInnerHTML={{ __html: inside(SOURCES[name]) }}
  />
);
