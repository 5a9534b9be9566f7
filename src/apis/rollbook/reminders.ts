import { RemindersBody, RemindersReply } from '../../../schemas/rollbook/reminders';
import { readOf } from '../../audit/read';
import { isSchoolDay, today } from '../../days';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { openReminders, type Reminded, type Reminder } from '../../reminders/reminders';
import { schoolAsked } from '../../roster/access';
import type { Dependencies } from '../dependencies';
import { reminderLetter } from './letters';

/** Milliseconds after which a reminder is worth nothing any more: whoever has not got it by then is better called. */
const WORTH = 2 * 3_600_000;

/** `/reminders`: the teachers of rolls that are not taken are reminded of them by email. */
export function reminderEndpoints({ database, roster, mailer }: Dependencies): Endpoint[] {
  const remind = openReminders(database);
  return [
    endpoint({
      method: 'POST',
      path: '/',
      summary: 'Reminds teachers of their rolls that are not taken, by email',
      errors: ['NOT_FOUND'],
      scope: 'attendance:write',
      heavy: true,
      schemas: { body: RemindersBody, reply: RemindersReply },
      async handle({ caller, body, link }) {
        if (caller.person !== null) throw new Problem('OFFICE_ONLY', 'Teachers are reminded by the office.');
        const { date, period } = body;
        const { id: school } = await roster.one('school', caller, String(body.school));
        schoolAsked(caller, school);
        const { name: place, time_zone } = await roster.district(caller);
        if (!isSchoolDay(date) || date > today(time_zone)) throw wrongDay(date);
        const send = ({ name, email: to, rolls }: Reminder): boolean => {
          const due = rolls.map((roll) => ({ ...roll, link: link(`/#/sections/${roll.section_id}/${date}`) }));
          const letter = reminderLetter({ district: caller.district, place, name, to, date, rolls: due });
          return mailer!.send({ ...letter, until: Date.now() + WORTH });
        };
        const found = await remind(caller, { school, date, period }, mailer && send);
        const people = found.flatMap(({ teacher }) => teacher?.person ?? []);
        const reminders = found.map(reminderOf);
        return { status: 200, body: { date, reminders }, reads: readOf(people, { school, from: date, to: date }) };
      },
    }),
  ];
}

const reminderOf = ({ roll: { section_id, title, periods }, teacher, outcome }: Reminded) => ({
  section_id,
  section: title,
  periods,
  person_id: teacher?.person ?? null,
  name: teacher?.name ?? '',
  outcome,
});

function wrongDay(sent: unknown): Problem {
  const message = `must be a day up to today, YYYY-MM-DD, not ${preview(sent)}`;
  return new Problem('BODY_INVALID', `date ${message}.`, { violations: [{ field: 'date', message }] });
}
