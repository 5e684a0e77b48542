/** Rates and latency of the last second. */
import type { LiveStats } from './live-messages.ts';

const WINDOW_MS = 1000;

export class LiveCounter {
  #shown = 0;
  #dropped = 0;
  #withoutFace = 0;
  #size = { width: 0, height: 0, faces: 0 };
  readonly #captures: number[] = [];
  readonly #shows: { readonly at: number; readonly latency: number }[] = [];

  captured(now: number): void {
    this.#captures.push(now);
  }

  dropped(count: number): void {
    this.#dropped += count;
  }

  /** @param latency milliseconds since the camera gave it */
  shown(
    now: number,
    latency: number,
    size: { readonly width: number; readonly height: number; readonly faces: number },
  ): void {
    this.#shown++;
    if (size.faces === 0) this.#withoutFace++;
    this.#size = size;
    this.#shows.push({ at: now, latency });
  }

  stats(now: number): LiveStats {
    const since = now - WINDOW_MS;
    while ((this.#captures[0] ?? now) < since) this.#captures.shift();
    while ((this.#shows[0]?.at ?? now) < since) this.#shows.shift();
    const latencies = this.#shows.map(({ latency }) => latency).sort((a, b) => a - b);
    return {
      ...{ shown: this.#shown, dropped: this.#dropped, withoutFace: this.#withoutFace },
      ...{ fps: this.#shows.length, cameraFps: this.#captures.length },
      latencyMs: latencies[latencies.length >> 1],
      ...this.#size,
    };
  }
}
