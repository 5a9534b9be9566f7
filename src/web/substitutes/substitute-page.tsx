/*
 * `src/web/substitutes/`: A class is given to somebody else for days, and taken back.
 */

import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { ErrorNotice } from '../shared/error-text';
import { roleNamed } from '../shared/roles';
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
  const title = month.value?.section.title ?? t('substitute.the-class');
  const [said, setSaid] = useState('');
  const [error, setError] = useState<Error>();
  useTitle(t('substitute'), title);
  const run = (work: Promise<unknown>, done: string) => {
    setSaid('');
    setError(undefined);
    work.then(() => setSaid(done), setError).finally(loaded.again);
  };
  const takeBack = ({ id, name }: Substitution) =>
    run(call('DELETE', `/substitutions/${id}`), t('substitute.taken-back', { name, title }));
  return (
    <>
      <header class="page-head">
        <h1>{t('substitute.for', { title })}</h1>
        <p class="quiet">
          <a href={`#/sections/${section}/${date}`}>{t('substitute.back')}</a>
        </p>
      </header>
      <p role="status" class="news">
        {said}
      </p>
      <ErrorNotice error={error} sentence={(why) => rich('error.nothing-changed', { why })} />
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
  from === to ? mediumDay(from) : t('days.from-to', { from: mediumDay(from), to: mediumDay(to) });

interface StandingOptions {
  readonly substitutions: readonly Substitution[];
  onTakenBack(substitution: Substitution): void;
}

function Standing({ substitutions, onTakenBack }: StandingOptions) {
  return (
    <section aria-labelledby="standing-title">
      <h2 id="standing-title">{t('substitute.given')}</h2>
      <ul class="substitutes">
        {substitutions.map((each) => (
          <li key={each.id}>
            <strong>{each.name}</strong>, {daysOf(each)} <span class="quiet">{t('said.by', { author: each.by })}</span>{' '}
            {!each.can_take && <span class="quiet">{t('substitute.cannot', { name: each.name })}</span>}{' '}
            <button
              type="button"
              aria-label={t('substitute.take-back-from', { name: each.name, days: daysOf(each) })}
              onClick={() => onTakenBack(each)}
            >
              {t('take-back')}
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
      t('substitute.done', { name, title, days: daysOf(days) }),
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
      <h2 id="give-title">{t('substitute.who')}</h2>
      <p class="quiet">{t('substitute.what')}</p>
      <div class="substitute-days">
        <label>
          {t('from')} <input type="date" max="2199-12-31" value={days.from} onChange={pick('from')} />
        </label>
        <label>
          {t('to')} <input type="date" max="2199-12-31" value={days.to} onChange={pick('to')} />
        </label>
        <label>
          {t('name')}{' '}
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
            <p>{t('substitute.nobody')}</p>
          ) : (
            <ul class="substitutes">
              {people.map(({ person_id, name, role }) => (
                <li key={person_id}>
                  <button
                    type="button"
                    aria-label={t('substitute.give', { name })}
                    onClick={() => give(person_id, name)}
                  >
                    {name}
                  </button>{' '}
                  <span class="quiet">{roleNamed(role)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}
