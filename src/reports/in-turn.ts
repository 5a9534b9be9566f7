/**
 * Does work for a district once at a time. Who asks while it is done waits for the next time, which all that wait
 * share: it begins after they asked, so that it has met what they wrote.
 */
export function inTurn(work: (district: number) => Promise<void>): (district: number) => Promise<void> {
  const running = new Map<number, Promise<void>>();
  const next = new Map<number, Promise<void>>();

  function start(district: number): Promise<void> {
    const run = work(district).finally(() => running.delete(district));
    running.set(district, run);
    return run;
  }

  function after(run: Promise<void>, district: number): Promise<void> {
    const begin = () => {
      next.delete(district);
      return start(district);
    };
    const following = run.then(begin, begin);
    next.set(district, following);
    return following;
  }

  return (district) => {
    const run = running.get(district);
    return next.get(district) ?? (run ? after(run, district) : start(district));
  };
}
