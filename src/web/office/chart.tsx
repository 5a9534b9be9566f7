import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** What a chart shows: the options of uPlot but its width, and its columns. */
export interface Drawing {
  readonly options: Omit<uPlot.Options, 'width'>;
  readonly data: uPlot.AlignedData;
  /** Another one where anything is drawn differently. */
  readonly key: string;
}

/** Changes of the light it is looked at in, paper included. */
const lights = ['(prefers-color-scheme: dark)', '(forced-colors: active)', 'print'].map((media) =>
  window.matchMedia(media),
);

/** A drawn chart, as wide as there is room. It is for the eye alone: a table beside it says the same. */
export function Chart({ drawing: { options, data, key } }: { drawing: Drawing }) {
  const place = useRef<HTMLDivElement>(null);
  // `key` says what is drawn; the options are another object each time.
  useEffect(() => {
    const { current: box } = place;
    const { height } = options;
    const plot = new uPlot({ ...options, width: box!.clientWidth }, data, box!);
    const resize = new ResizeObserver(() => plot.setSize({ width: box!.clientWidth, height }));
    const redraw = () => plot.redraw();
    resize.observe(box!);
    for (const light of lights) light.addEventListener('change', redraw);
    return () => {
      for (const light of lights) light.removeEventListener('change', redraw);
      resize.disconnect();
      plot.destroy();
    };
  }, [key]);
  return <div class="chart" aria-hidden="true" ref={place} />;
}

/** A colour of the pages as it is now. */
export const colour = (name: '--accent' | '--quiet' | '--line' | '--late') => (): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
