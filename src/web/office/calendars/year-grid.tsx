import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { direction } from '../../messages/language';
import { longMonth, plusDays } from '../../shared/days';
import {
  type KnownCalendar,
  monthsFrom,
  saidOf,
  stateOf,
  weekdayInShort,
  weekdayNamed,
  weekdaysInOrder,
  weeksOf,
} from './days';

interface Options {
  /** The month it begins with. */
  readonly first: string;
  readonly calendar: KnownCalendar;
  readonly today: string;
  onTouch(date: string): void;
}

/** How many days a key goes. */
const stepOf = (key: string): number | undefined => {
  const next = direction() === 'ltr' ? 1 : -1;
  return { ArrowLeft: -next, ArrowRight: next, ArrowUp: -7, ArrowDown: 7 }[key];
};

/** Twelve months of days. The keyboard stops at one of them; arrows go on from there, a day or a week at a time. */
export function YearGrid({ first, calendar, today, onTouch }: Options) {
  const months = monthsFrom(first);
  const isShown = (date: string) => months.includes(date.slice(0, 7));
  const [at, setAt] = useState(today);
  const stop = isShown(at) ? at : `${first}-01`;
  const grid = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  // Where the arrows are by now: keys come faster than the page is drawn. The focus too, or Enter opens another day.
  const place = useRef(stop);
  if (!moved.current) place.current = stop;
  useLayoutEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>(`[data-date="${stop}"]`)?.focus();
    moved.current = false;
  }, [stop]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event.key);
    if (step === undefined) return;
    event.preventDefault();
    const next = plusDays(place.current, step);
    if (!isShown(next)) return;
    place.current = next;
    moved.current = true;
    setAt(next);
  };

  return (
    <div class="year" ref={grid}>
      {months.map((month) => (
        <table key={month} class="month">
          <caption>{longMonth(month)}</caption>
          <thead>
            <tr>
              {weekdaysInOrder().map((name) => (
                <th key={name} scope="col" abbr={weekdayNamed(name)}>
                  {weekdayInShort(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeksOf(month).map((week) => (
              <tr key={week.find(Boolean)}>
                {week.map((date, index) => (
                  <td key={date ?? `gap ${index}`}>
                    {date && (
                      <Day
                        state={stateOf(date, calendar)}
                        isToday={date === today}
                        isStop={date === stop}
                        onKeyDown={onKeyDown}
                        onTouch={() => {
                          setAt(date);
                          onTouch(date);
                        }}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

interface DayOptions {
  readonly state: ReturnType<typeof stateOf>;
  readonly isToday: boolean;
  readonly isStop: boolean;
  onKeyDown(event: KeyboardEvent): void;
  onTouch(): void;
}

function Day({ state, isToday, isStop, onKeyDown, onTouch }: DayOptions) {
  const { date, isSchoolDay, isSet } = state;
  const kind = isSchoolDay ? (isSet ? 'put-in' : 'usual') : isSet ? 'taken-out' : 'weekend';
  return (
    <button
      type="button"
      class={`day ${kind}`}
      data-date={date}
      title={saidOf(state)}
      aria-label={saidOf(state)}
      aria-current={isToday ? 'date' : undefined}
      tabIndex={isStop ? 0 : -1}
      onKeyDown={onKeyDown}
      onClick={onTouch}
    >
      {Number(date.slice(8))}
    </button>
  );
}
