/** Runs in the page: reads the numbers of a plain `<video>` of the camera and of the live picture at the same moments. */

export interface Sample {
  /** What the camera shows. */
  readonly camera: number;
  /** What the page shows. */
  readonly page: number;
}

/** @param milliseconds how long; looks ten times a second, which costs next to nothing */
export async function watchBoth(milliseconds: number): Promise<readonly Sample[]> {
  const [bits, side, left, row] = [10, 40, 40, 16];
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480, frameRate: 30 } });
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  await video.play();
  const strip = new OffscreenCanvas((bits + 2) * side, 1);
  const context = strip.getContext('2d', { willReadFrequently: true });
  const numberOf = (source: CanvasImageSource): number => {
    context?.drawImage(source, 0, row, strip.width, 1, 0, 0, strip.width, 1);
    const { data } = context?.getImageData(0, 0, strip.width, 1) ?? { data: [] };
    let number = 0;
    for (let bit = 0; bit < bits; bit++) {
      if ((data[(left + bit * side + side / 2) * 4] ?? 0) > 128) number += 2 ** bit;
    }
    return number;
  };
  const samples: Sample[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const canvas = document.querySelector<HTMLCanvasElement>('.stage canvas');
    if (canvas) samples.push({ camera: numberOf(video), page: numberOf(canvas) });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const track of stream.getTracks()) track.stop();
  return samples;
}
