import fc from 'fast-check';
import { type AdmissionLimits, admissionQueue, type Priority } from '../../src/http/admission/queue';

/** The queue by itself, in a time that passes when it is told to. */
const limits: AdmissionLimits = { wait: 1_000, atOnce: 8, queued: 100, queuedBytes: 100_000 };

function lab(changed: Partial<AdmissionLimits> = {}) {
  let time = 0;
  const due: (() => void)[] = [];
  let timers: { at: number; work: () => void }[] = [];
  const queue = admissionQueue(
    { ...limits, ...changed },
    {
      now: () => time,
      soon: (work) => void due.push(work),
      later: (work, milliseconds) => void timers.push({ at: time + milliseconds, work }),
    },
  );
  const log: string[] = [];
  const leaves = new Map<string, () => void>();
  const gone = new Set<string>();
  /** Everything that was to be done soon. */
  const turn = () => {
    for (let work = due.shift(); work; work = due.shift()) work();
  };
  /** The time passes in one piece, in which the event loop does nothing. */
  const stall = (milliseconds: number) => {
    time += milliseconds;
    const over = timers.filter(({ at }) => at <= time);
    timers = timers.filter(({ at }) => at > time);
    for (const { work } of over) work();
    turn();
  };
  return {
    queue,
    log,
    turn,
    stall,
    gone,
    pass(milliseconds: number) {
      for (let passed = 0; passed < milliseconds; passed += 10) stall(10);
    },
    enter: (name: string, priority: Priority = 'read', size = 10) =>
      queue.enter({
        priority,
        size,
        isGone: () => gone.has(name),
        begin: (leave) => {
          log.push(`begins ${name}`);
          leaves.set(name, leave);
        },
        refuse: () => log.push(`refuses ${name}`),
      }),
    leave(...each: string[]) {
      for (const name of each) leaves.get(name)!();
      turn();
    },
    pending: () => timers.length,
  };
}

const names = (what: string, count: number) => Array.from({ length: count }, (_, index) => `${what} ${index}`);

test('they are begun rolls first, then reads, then bulk, each in the order they came, and as many as may work', () => {
  const { enter, turn, log } = lab({ atOnce: 6 });
  for (const [name, priority] of [
    ['b1', 'bulk'],
    ['r1', 'read'],
    ['r2', 'read'],
    ['w1', 'roll'],
    ['b2', 'bulk'],
    ['w2', 'roll'],
  ] as const)
    enter(name, priority);
  expect(log).toEqual([]);
  turn();
  expect(log).toEqual(['w1', 'w2', 'r1', 'r2', 'b1', 'b2'].map((name) => `begins ${name}`));
  enter('w3', 'roll');
  turn();
  expect(log).toHaveLength(6);
});

test('who leaves makes place for the next', () => {
  const { enter, turn, leave, log } = lab({ atOnce: 4 });
  for (const name of names('read', 5)) enter(name);
  turn();
  expect(log).toHaveLength(3);
  leave('read 1');
  leave('read 1');
  expect(log.slice(3)).toEqual(['begins read 3']);
});

test('reads wait for rolls that come and go, but not for rolls that wait for something', () => {
  const { enter, turn, pass, leave, log } = lab({ atOnce: 8 });
  for (const name of names('roll', 20)) enter(name, 'roll');
  for (const name of names('read', 20)) enter(name, 'read');
  turn();
  pass(90);
  leave('roll 0');
  pass(90);
  expect(log.map((line) => line.split(' ')[1])).toEqual(Array(7).fill('roll'));
  pass(40);
  expect(log.slice(7)).toEqual(['begins read 0', 'begins read 1']);
});

test('who has waited too long is refused, and is found also when nobody leaves', () => {
  const { enter, turn, pass, log, pending } = lab({ atOnce: 1 });
  enter('works');
  turn();
  pass(900);
  enter('waits');
  pass(50);
  expect(log).toEqual(['begins works']);
  pass(30_000);
  expect(log).toEqual(['begins works', 'begins waits']); // in the place of one that took longer than one may wait
  expect(pending()).toBe(0);
});

test('where nothing is begun for as long as one may wait, who waits is refused', () => {
  const { enter, turn, pass, log } = lab({ atOnce: 1 });
  enter('works');
  turn();
  enter('roll', 'roll');
  pass(900);
  expect(log).toEqual(['begins works']);
  pass(150);
  expect(log).toEqual(['begins works', 'refuses roll']);
});

test('reads, and bulk, may wait longer than the rolls that overtake them', () => {
  const { enter, pass, leave, log } = lab({ atOnce: 1, queued: 1_000 });
  let rolls = 0;
  /** Twice as many come as can be done. */
  const overloaded = (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 10) {
      for (let two = 0; two < 2; two++) enter(`roll ${rolls++}`, 'roll');
      pass(10);
      leave(log.findLast((line) => line.startsWith('begins'))!.slice('begins '.length));
    }
  };
  const ofOthers = () => log.filter((line) => !line.includes('roll'));
  overloaded(3_000);
  expect(log.filter((line) => line.startsWith('refuses roll'))).not.toEqual([]);
  for (const priority of ['bulk', 'read'] as const) enter(priority, priority);
  overloaded(1_040);
  expect(ofOthers()).toEqual([]);
  overloaded(30);
  expect(ofOthers()).toEqual(['refuses read']);
  overloaded(50);
  expect(ofOthers()).toEqual(['refuses read', 'refuses bulk']);
});

test('a stall of the machine refuses nobody, however long it was: a tenth of the wait counts of it', () => {
  const { enter, turn, stall, leave, log } = lab({ atOnce: 1 });
  enter('works');
  turn();
  for (const name of names('read', 50)) enter(name);
  stall(5_000);
  stall(5_000);
  expect(log.filter((line) => line.startsWith('refuses'))).toEqual([]);
  leave('works');
  for (const name of names('read', 49)) leave(name);
  expect(log.filter((line) => line.startsWith('begins'))).toHaveLength(51);
});

test('long turns in which work is done count as long as they are', () => {
  const { enter, stall, leave, log } = lab({ atOnce: 40, queued: 1_000 });
  for (const name of names('roll', 200)) enter(name, 'roll');
  stall(1);
  // In each turn thirty are done, in 300 ms: after a second and a bit those that still wait have waited too long.
  for (let turn = 0; turn < 3; turn++) {
    stall(300);
    leave(...names('roll', 30 * (turn + 1)).slice(30 * turn));
  }
  expect(log.filter((line) => line.startsWith('refuses'))).toEqual([]);
  stall(300);
  expect(log.filter((line) => line.startsWith('refuses'))).toHaveLength(80);
});

test('a full queue refuses the newest of the lowest priority, and never a roll while a read waits', () => {
  const { queue, enter, turn, log } = lab({ atOnce: 1, queued: 3 });
  enter('works');
  turn();
  enter('b1', 'bulk');
  enter('r1', 'read');
  enter('r2', 'read');
  expect(['roll', 'read', 'bulk'].map((each) => queue.isFullFor(each as Priority))).toEqual([false, false, true]);
  enter('w1', 'roll');
  enter('w2', 'roll');
  expect(['roll', 'read', 'bulk'].map((each) => queue.isFullFor(each as Priority))).toEqual([false, true, true]);
  enter('r3', 'read');
  enter('w3', 'roll');
  expect(queue.isFullFor('roll')).toBe(true);
  enter('w4', 'roll');
  expect(log.slice(1)).toEqual(['b1', 'r2', 'r3', 'r1', 'w4'].map((name) => `refuses ${name}`));
});

test('the bytes that wait are bounded as well', () => {
  const { enter, turn, log } = lab({ atOnce: 1, queuedBytes: 100 });
  enter('works');
  turn();
  enter('r1', 'read', 60);
  enter('r2', 'read', 40);
  enter('w1', 'roll', 50);
  expect(log.slice(1)).toEqual(['refuses r2', 'refuses r1']);
  enter('w2', 'roll', 50);
  enter('w3', 'roll', 1);
  expect(log.slice(3)).toEqual(['refuses w3']);
});

test('whose client has gone is neither begun nor refused', () => {
  const { enter, turn, leave, gone, log } = lab({ atOnce: 1 });
  enter('works');
  turn();
  enter('goes');
  enter('stays');
  gone.add('goes');
  leave('works');
  expect(log).toEqual(['begins works', 'begins stays']);
});

test('who waits elsewhere is refused when it has waited too long while others wait here, and not otherwise', () => {
  const { queue, enter, turn, pass, log } = lab({ atOnce: 1 });
  const settled = queue.whileOthersWait(() => log.push('refuses one that does not wait any more'));
  queue.whileOthersWait(() => log.push('refuses heavy'));
  settled();
  pass(5_000);
  enter('works');
  turn();
  for (const name of names('read', 3)) {
    enter(name);
    pass(400);
  }
  expect(log).toContain('refuses heavy');
  expect(log).not.toContain('refuses one that does not wait any more');
});

test('while new connections come nothing is begun, for a moment, so that all of them are accepted', () => {
  let time = 0;
  const turns: (() => void)[] = [];
  const turn = () => turns.shift()?.();
  const queue = admissionQueue(
    { ...limits, atOnce: 100 },
    { now: () => time, soon: (work) => void turns.push(work), later: () => undefined },
  );
  const begun: number[] = [];
  const come = (name: number) => {
    queue.accepted();
    queue.enter({ priority: 'read', size: 1, isGone: () => false, begin: () => begun.push(name), refuse: () => {} });
  };
  for (let each = 0; each < 5; each++) {
    come(each);
    turn();
    time += 1;
  }
  expect(begun).toEqual([]);
  turn();
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  for (let each = 5; each < 130; each++) {
    come(each);
    turn();
    time += 1;
  }
  expect(begun.length).toBeGreaterThan(10);
});

test('in one turn of the event loop it takes one turn, however long those are and however often it looks', () => {
  let time = 0;
  const due: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const queue = admissionQueue(
    { ...limits, atOnce: 1 },
    { now: () => time, soon: (work) => void due.push(work), later: (work) => void timers.push(work) },
  );
  const leaves: (() => void)[] = [];
  for (let each = 0; each < 50; each++)
    queue.enter({
      priority: 'read',
      size: 1,
      isGone: () => false,
      begin: (leave) => void leaves.push(leave),
      refuse: () => {},
    });
  for (let loop = 0; loop < 10; loop++) {
    time += 30; // longer than it waits to look again: a timer is due in each turn of the loop
    for (const timer of timers.splice(0)) timer();
    for (const leave of leaves.splice(0)) leave(); // an embedded database answers at once
    expect(due.length).toBe(1);
    for (const turn of due.splice(0)) turn();
    for (const leave of leaves.splice(0)) leave();
  }
});

test('whatever comes: each is begun or refused once, bounds hold, and no roll is refused at a moment at which a read waits', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ enter: fc.constantFrom<Priority>('roll', 'read', 'bulk'), size: fc.nat(60) }) },
    { weight: 3, arbitrary: fc.record({ leave: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 400 }) }) },
    { weight: 1, arbitrary: fc.record({ stall: fc.integer({ min: 1, max: 4_000 }) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let passed = 0;
      const bounds = { atOnce: 4, queued: 6, queuedBytes: 200 };
      const { queue, turn, stall, pass } = lab(bounds);
      const waiting = new Map<number, { priority: Priority; size: number; since: number }>();
      const working = new Map<number, () => void>();
      const done = new Set<number>();
      let last = 0;
      for (const each of steps) {
        if ('enter' in each) {
          const name = ++last;
          waiting.set(name, { priority: each.enter, size: each.size, since: passed });
          queue.enter({
            priority: each.enter,
            size: each.size,
            isGone: () => false,
            begin: (leave) => {
              expect(waiting.delete(name)).toBe(true);
              working.set(name, leave);
            },
            refuse: () => {
              const { since } = waiting.get(name)!;
              waiting.delete(name);
              done.add(name);
              const sizes = [...waiting.values()].reduce((sum, { size }) => sum + size, each.size);
              const isFull = waiting.size >= bounds.queued || sizes > bounds.queuedBytes;
              if (passed - since < 1_000) expect(isFull).toBe(true);
              if (each.enter === 'roll' && passed - since < 1_000)
                expect([...waiting.values()].filter(({ priority }) => priority !== 'roll')).toEqual([]);
            },
          });
          expect(waiting.size).toBeLessThanOrEqual(bounds.queued);
          turn();
        } else if ('leave' in each) {
          const [name, leave] = [...working][each.leave % (working.size || 1)] ?? [];
          if (name === undefined) continue;
          working.delete(name);
          done.add(name);
          leave!();
          turn();
        } else if ('pass' in each) {
          passed += each.pass + 10;
          pass(each.pass);
        } else {
          passed += each.stall;
          stall(each.stall);
        }
        expect(waiting.size + working.size + done.size).toBe(last);
      }
      passed += 1_410;
      pass(1_400);
      expect(waiting.size).toBe(0); // what waits longest is over
    }),
  );
});
