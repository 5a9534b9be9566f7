import fc from 'fast-check';
import { rightClock, setClock } from '../clock';
import { runs } from '../runs';
import { add, openHooks, senderOver } from './hooks';
import { openReceiver, type Received, until } from './receiver';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** Whatever fails, and whoever is restarted: every change arrives, and those of a section in their order. */

type Act =
  | { readonly do: 'write'; readonly where: 'ada' | 'adaInBiology'; readonly status: number }
  | { readonly do: 'restart' }
  /** The next messages are answered so, or not at all. */
  | { readonly do: 'fail'; readonly statuses: readonly (number | undefined)[] };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      where: fc.constantFrom('ada' as const, 'adaInBiology' as const),
      status: fc.constantFrom(2, 3, 4),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      statuses: fc.array(fc.constantFrom(500, 400, 301, 429, undefined), { minLength: 1, maxLength: 2 }),
    }),
  },
);

afterEach(rightClock);

test('every change arrives, those of a section in their order, none lost and no message with two contents', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 12 }), async (acts) => {
      const [hooks, receiver] = [await openHooks(), await openReceiver()];
      const { api } = hooks;
      const { actor, enrollments, ledger, sections } = api.world;
      const refusals: (number | undefined)[] = [];
      const accepted: Received[] = [];
      receiver.answer = (message, response) => {
        if (refusals.length === 0) {
          accepted.push(message);
          return response.writeHead(204).end();
        }
        const status = refusals.shift();
        return status === undefined ? response.destroy() : response.writeHead(status).end();
      };
      let sender = hooks.sender;
      const written: Record<number, number[]> = { [sections.algebra]: [], [sections.biology]: [] };
      try {
        await add(api, receiver.url);
        for (const [index, each] of acts.entries()) {
          if (each.do === 'fail') refusals.splice(0, refusals.length, ...each.statuses);
          else if (each.do === 'restart') {
            const next = senderOver(api);
            await sender.stop();
            sender = next;
            sender.start();
          } else {
            const date = `2025-10-${String((index % 5) + 1).padStart(2, '0')}`;
            const enrollment = enrollments[each.where];
            const comment = String(index);
            await ledger.record([{ enrollment, date, status: each.status, comment }], actor, { roll: 'never' });
            written[each.where === 'ada' ? sections.algebra : sections.biology]!.push(index);
            sender.wake();
          }
        }
        const told = () => {
          const messages = new Map<string, Received>();
          for (const message of accepted) {
            const id = String(message.headers['webhook-id']);
            expect(messages.get(id)?.text ?? message.text).toBe(message.text);
            messages.set(id, message);
          }
          const changes = [...messages.values()].flatMap(({ body }) => body.data.changes);
          return Object.fromEntries(
            Object.keys(written).map((section) => [
              section,
              changes.filter((change) => String(change.section) === section).map(({ comment }) => Number(comment)),
            ]),
          );
        };
        await until(() => {
          setClock(600); // what waits for its time is tried again
          sender.wake();
          return Object.entries(told()).every(
            ([section, comments]) => comments.length >= written[Number(section)]!.length,
          );
        });
        expect(told()).toEqual(written);
      } finally {
        rightClock();
        await sender.stop();
        receiver.close();
        await hooks.close();
      }
    }),
    { numRuns: runs(6) },
  );
}, 60_000);
