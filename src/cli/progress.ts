import { Presets, SingleBar } from 'cli-progress';

/** A progress bar on a terminal; nothing where stderr is not one. */
export function progressBar() {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      noTTYOutput: false,
      clearOnComplete: true,
      format: '{file} [{bar}] {percentage}% {rows} rows',
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update({ file, done, total, rows }: { file: string; done: number; total: number; rows: number }): void {
      if (!process.stderr.isTTY) return;
      if (!started) bar.start(total, 0, { file, rows });
      started = true;
      bar.setTotal(total);
      bar.update(done, { file, rows });
    },
    stop: () => bar.stop(),
  };
}
