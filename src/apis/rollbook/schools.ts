import { LetterBody, LetterReply } from '../../../schemas/rollbook/letters';
import { SchoolBody, SchoolReply } from '../../../schemas/rollbook/schools';
import { managerOf } from '../../clients/access';
import type { Caller } from '../../clients/client';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { LETTER_FIELD, letterFields } from '../../lib/letter-fields';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { usualLetters } from '../../lib/usual-letters';
import { openSchools } from '../../roster/schools';
import type { Dependencies } from '../dependencies';

/** `/schools/{school}`: the settings of a school, and what it writes to families. */
export function schoolEndpoints({ database, roster }: Dependencies): Endpoint[] {
  const schools = openSchools(database);

  async function replyOf(caller: Caller, school: number) {
    const { district_id, ...body } = await schools.get(caller, school);
    return { status: 200, body };
  }

  const read = endpoint({
    method: 'GET',
    path: '/:school',
    summary: 'Reads the settings of a school',
    scope: 'attendance:read',
    schemas: { reply: SchoolReply },
    async handle({ caller, params }) {
      const { id } = await roster.one('school', caller, params.school);
      return replyOf(caller, id);
    },
  });
  const write = endpoint({
    method: 'PATCH',
    path: '/:school',
    summary: 'Changes settings of a school',
    scope: 'roster:write',
    schemas: { body: SchoolBody, reply: SchoolReply },
    async handle({ caller, params, body }) {
      const { id } = await roster.one('school', caller, params.school);
      if (caller.person !== null) throw new Problem('OFFICE_ONLY', 'The settings of a school are the office’s.');
      await schools.set(managerOf(caller), id, body);
      return replyOf(caller, id);
    },
  });
  const readLetter = endpoint({
    method: 'GET',
    path: '/:school/chronic-letter',
    summary: 'Reads what a school writes about chronic absence',
    scope: 'attendance:read',
    schemas: { reply: LetterReply },
    async handle({ caller, params }) {
      return letterOf(caller, (await roster.one('school', caller, params.school)).id);
    },
  });
  const writeLetter = endpoint({
    method: 'PUT',
    path: '/:school/chronic-letter',
    summary: 'Changes what a school writes about chronic absence',
    scope: 'roster:write',
    schemas: { body: LetterBody, reply: LetterReply },
    async handle({ caller, params, body: { text, language = 'en' } }) {
      const { id } = await roster.one('school', caller, params.school);
      if (caller.person !== null) throw new Problem('OFFICE_ONLY', 'The settings of a school are the office’s.');
      refuseUnknownFields(text);
      await schools.setLetter(managerOf(caller), id, { text, language });
      return letterOf(caller, id);
    },
  });
  return [read, write, readLetter, writeLetter];

  async function letterOf(caller: Caller, school: number) {
    const { text, language } = await schools.letter(caller, school);
    return { status: 200, body: { text: text || usualLetters[language], language, usual: text === '' } };
  }
}

/** A field that nothing is put in place of would be sent to families as it is. */
function refuseUnknownFields(text: string): void {
  const unknown = [...text.matchAll(LETTER_FIELD)]
    .map(([, name]) => name!)
    .find((name) => !Object.hasOwn(letterFields, name));
  if (unknown === undefined) return;
  const message = `has the field ${preview(unknown)}, which is none of ${Object.keys(letterFields).join(', ')}`;
  throw new Problem('BODY_INVALID', `text ${message}.`, { violations: [{ field: 'text', message }] });
}
