import { useEffect, useRef, useState } from 'preact/hooks';
import type { Absentee, Absentees } from '../../../../schemas/rollbook/absentees';
import { t } from '../../messages/messages';
import { codeSays } from '../../shared/codes';
import { ErrorNotice } from '../../shared/error-text';
import { statuses, wordOf } from '../../shared/status';
import { setMark } from '../wire';

interface Options {
  readonly mark: Absentee;
  readonly day: Pick<Absentees, 'date' | 'codes'>;
  /** Whether something was changed. */
  onDone(isChanged: boolean): void;
}

/** Says something else of a student in one class: a status or a code of the school, and a comment. */
export function MarkForm({ mark: { enrollment_id, name, section, status, code, comment }, day, onDone }: Options) {
  const first = useRef<HTMLSelectElement>(null);
  const [error, setError] = useState<Error>();
  useEffect(() => first.current?.focus(), []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const [kind, said] = ['kind', 'comment'].map((field) =>
      String(new FormData(event.currentTarget as HTMLFormElement).get(field) ?? ''),
    );
    const meaning = kind!.startsWith('code ') ? { code: kind!.slice(5) } : { status: kind! };
    setError(undefined);
    setMark({ enrollment: enrollment_id, date: day.date, ...meaning, comment: said! }).then(
      () => onDone(true),
      setError,
    );
  };
  const kind = code ? `code ${code}` : statuses[status - 1]!.name;
  return (
    <form class="pickers" onSubmit={submit} onKeyDown={({ key }) => key === 'Escape' && onDone(false)}>
      <label>
        <span class="unseen">{t('absent.was', { name, section })}</span>
        <select name="kind" ref={first}>
          {statuses.map(({ status, name }) => (
            <option key={name} value={name} selected={name === kind}>
              {wordOf(status)}
            </option>
          ))}
          {day.codes.map((each) => (
            <option key={each.code} value={`code ${each.code}`} selected={`code ${each.code}` === kind}>
              {each.code} {codeSays(each.description)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">{t('comment.on', { name })}</span>
        <input type="text" name="comment" maxLength={2_000} value={comment} placeholder={t('comment')} />
      </label>
      <button type="submit" class="main">
        {t('save')}
      </button>
      <button type="button" onClick={() => onDone(false)}>
        {t('cancel')}
      </button>
      <ErrorNotice error={error} />
    </form>
  );
}
