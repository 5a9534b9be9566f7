/*
 * `src/web/substitutes/`: A class is given to somebody else for days, and taken back.
 */
import './substitutes.css';
import { useEffect, useState } from 'preact/hooks';
import type { SectionMonth } from '../../../schemas/rollbook/history';
import type { Substitutes, Substitution, Substitutions } from '../../../schemas/rollbook/substitutions';
import { call, get } from '../shared/api';
import { mediumDay, monthOf } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { useTitle } from '../shared/title';

/** Milliseconds without another key after which is asked for what is typed. */
const PAUSE = 150;

interface Options {
  readonly section: number;
  readonly date: string;
}

/** Who takes a class for somebody else: a tap on a name gives it to them, for the day or for several. */
export function SubstitutePage({ section, date }: Options) {
  const path = `/substitutions?section=${section}`;
  const loaded = useLoaded(path, () => get<Substitutions>(path));
  const month = useLoaded(`month of ${section} ${monthOf(date)}`, () =>
    get<SectionMonth>(`/reports/sections/${section}/month?month=${monthOf(date)}`),
  );
  const title = month.value?.section.title ?? 'the class';
  const [said, setSaid] = useState('');
  const [error, setError] = useState('');
  useTitle('Substitute', title);
  const run = (work: Promise<unknown>, done: string) => {
    setSaid('');
    setError('');
    work
      .then(
        () => setSaid(done),
        (refused: Error) => setError(refused.message),
      )
      .finally(loaded.again);
  };
  const takeBack = ({ id, name }: Substitution) =>
    run(call('DELETE', `/substitutions/${id}`), `${name} does not take ${title} any more.`);
  return (
    <>
      <header class="page-head">
        <h1>Substitute for {title}</h1>
        <p class="quiet">
          <a href={`#/sections/${section}/${date}`}>Back to the roll</a>
        </p>
      </header>
      <p role="status" class="news">
        {said}
      </p>
      <div role="alert">{error && <p class="notice">Nothing was changed: {error}</p>}</div>
      <Shown loaded={loaded}>
        {({ substitutions }) => (
          <>
            {substitutions.length > 0 && <Standing substitutions={substitutions} onTakenBack={takeBack} />}
            <Give section={section} date={date} title={title} run={run} />
          </>
        )}
      </Shown>
    </>
  );
}

const daysOf = ({ from, to }: Pick<Substitution, 'from' | 'to'>): string =>
  from === to ? mediumDay(from) : `${mediumDay(from)} to ${mediumDay(to)}`;

interface StandingOptions {
  readonly substitutions: readonly Substitution[];
  onTakenBack(substitution: Substitution): void;
}

function Standing({ substitutions, onTakenBack }: StandingOptions) {
  return (
    <section aria-labelledby="standing-title">
      <h2 id="standing-title">Given</h2>
      <ul class="substitutes">
        {substitutions.map((each) => (
          <li key={each.id}>
            <strong>{each.name}</strong>, {daysOf(each)} <span class="quiet">by {each.by}</span>{' '}
            <button
              type="button"
              aria-label={`Take back from ${each.name}, ${daysOf(each)}`}
              onClick={() => onTakenBack(each)}
            >
              Take back
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface GiveOptions extends Options {
  readonly title: string;
  run(work: Promise<unknown>, done: string): void;
}

function Give({ section, date, title, run }: GiveOptions) {
  const [days, setDays] = useState({ from: date, to: date });
  const [asked, ask] = useState('');
  const [search, setSearch] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSearch(asked.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [asked]);
  const path = `/substitutions/people?${new URLSearchParams({ section: String(section), ...(search && { search }) })}`;
  const found = useLoaded(path, () => get<Substitutes>(path));
  const give = (person: number, name: string) =>
    run(
      call('POST', '/substitutions', { body: { section, person, ...days } }),
      `${name} takes ${title}, ${daysOf(days)}.`,
    );
  const pick = (name: 'from' | 'to') => (event: { currentTarget: HTMLInputElement }) => {
    const { value, validity } = event.currentTarget;
    if (!value || !validity.valid) return;
    setDays((before) => {
      const next = { ...before, [name]: value };
      return next.to < next.from ? { from: value, to: value } : next;
    });
  };
  return (
    <section aria-labelledby="give-title">
      <h2 id="give-title">Who takes it</h2>
      <p class="quiet">They take the rolls of these days, and see no others. It ends by itself.</p>
      <div class="substitute-days">
        <label>
          From <input type="date" max="2199-12-31" value={days.from} onChange={pick('from')} />
        </label>
        <label>
          To <input type="date" max="2199-12-31" value={days.to} onChange={pick('to')} />
        </label>
        <label>
          Name{' '}
          <input
            type="search"
            value={asked}
            maxLength={200}
            onInput={({ currentTarget }) => ask(currentTarget.value)}
          />
        </label>
      </div>
      <Shown loaded={found}>
        {({ people }) =>
          people.length === 0 ? (
            <p>There is nobody of the school with such a name who takes rolls.</p>
          ) : (
            <ul class="substitutes">
              {people.map(({ person_id, name, role }) => (
                <li key={person_id}>
                  <button type="button" aria-label={`Give it to ${name}`} onClick={() => give(person_id, name)}>
                    {name}
                  </button>{' '}
                  <span class="quiet">{role}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}
