import { t } from '../messages/messages';
import { ErrorText } from '../shared/error-text';
import { isForPage, singleKeys } from '../shared/single-keys';
import './find-student.css';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FoundStudent, FoundStudents } from '../../../schemas/rollbook/students';
import { get } from '../shared/api';
import { pathOf } from './wire';

/** Milliseconds without another key after which is asked for what is typed. */
const PAUSE = 150;

/** Finds a student from any page, and goes there: `/` begins. */
export const FindStudent = () => (
  <StudentFinder
    label={t('find-student')}
    shortcut="/"
    onFound={({ id }) => {
      location.hash = `#/students/${id}`;
    }}
  />
);

interface Options {
  readonly label: string;
  /** The key that begins, on the whole page. */
  readonly shortcut?: string;
  onFound(student: FoundStudent): void;
}

/** Finds a student: the arrows choose, Enter or a click takes one. */
export function StudentFinder({ label, shortcut, onFound }: Options) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [asked, ask] = useState('');
  const [found, setFound] = useState<FoundStudents>();
  const [chosen, choose] = useState(0);
  const [error, setError] = useState<Error>();

  // Before it is painted: whoever sees the field may press its key.
  useLayoutEffect(() => {
    const begin = (event: KeyboardEvent) => {
      if (!isForPage(event, shortcut)) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener('keydown', begin);
    return () => window.removeEventListener('keydown', begin);
  }, []);

  useEffect(() => {
    setError(undefined);
    if (asked.trim() === '') return setFound(undefined);
    let isCurrent = true;
    const timer = setTimeout(() => {
      get<FoundStudents>(pathOf('/students', { search: asked.trim() })).then(
        (students) => {
          if (!isCurrent) return;
          setFound(students);
          choose(0);
        },
        (reason: Error) => isCurrent && setError(reason),
      );
    }, PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [asked]);

  const leave = () => {
    ask('');
    field.current?.blur();
  };
  const open = (student: FoundStudent) => {
    leave();
    onFound(student);
  };
  const students = found?.students ?? [];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const student = students[chosen];
    if (step) choose((chosen + step + students.length) % (students.length || 1));
    else if (event.key === 'Enter' && student) open(student);
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
  };
  return (
    <search class="find-student">
      <input
        ref={field}
        type="text"
        autocomplete="off"
        role="combobox"
        aria-label={label}
        aria-keyshortcuts={singleKeys.value ? shortcut : undefined}
        aria-autocomplete="list"
        aria-expanded={found !== undefined}
        aria-controls={`${id}-list`}
        aria-activedescendant={students[chosen] ? `${id}-${chosen}` : undefined}
        placeholder={[t('find-student'), singleKeys.value && shortcut].filter(Boolean).join('  ')}
        maxLength={200}
        value={asked}
        onInput={({ currentTarget }) => ask(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="found" hidden={!found && !error}>
        <div role="listbox" id={`${id}-list`} aria-label={t('students')}>
          {students.map((student, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
            <div
              key={student.id}
              role="option"
              tabIndex={-1}
              id={`${id}-${index}`}
              aria-selected={index === chosen}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => open(student)}
            >
              <strong>{student.name}</strong> <span class="quiet">{detailsOf(student)}</span>
            </div>
          ))}
        </div>
        <p role="status" class="quiet">
          {error ? <ErrorText error={error} /> : found && said(found)}
        </p>
      </div>
    </search>
  );
}

const said = ({ students, more }: FoundStudents): string => {
  if (students.length === 0) return t('find-student.none');
  return more ? t('find-student.more') : '';
};

const detailsOf = ({ student_number, grades, school, active }: FoundStudent): string =>
  [student_number, grades && t('in-grade', { grades }), school, !active && t('find-student.gone')]
    .filter(Boolean)
    .join(' · ');
