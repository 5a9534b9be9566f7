import type { NewClient } from '../clients/clients';
import { linkOf } from './invite';

/** Somebody of the sample school whom the demo's reader can be. */
export interface Guest {
  readonly name: string;
  readonly invitation: string;
}

/** What the demo's reader can do with it. */
export interface DemoScene {
  readonly address: string;
  readonly client: NewClient;
  /** Teaches the section. */
  readonly teacher: Guest;
  readonly office: Guest;
  /** A section with three weeks of attendance, and one of its students. */
  readonly section: number;
  readonly enrollment: number;
  readonly today: string;
  /** The second of the three weeks; on its Tuesday the roll was taken. */
  readonly monday: string;
  readonly tuesday: string;
  readonly friday: string;
}

/** Says how to try the demo: each link works once, each `curl` works as it stands. */
export function demoText(scene: DemoScene): string {
  const { address, client, teacher, office, section, enrollment, today, monday, tuesday, friday } = scene;
  const url = `${address}/v1/sections/${section}/attendance`;
  const bearer = `-H 'Authorization: Bearer ${client.token}'`;
  const oauth =
    `-H 'Authorization: OAuth realm="rollbook",oauth_consumer_key="${client.key}",oauth_token="",` +
    `oauth_nonce="'$(date +%s%N)'",oauth_timestamp="'$(date +%s)'",oauth_signature_method="PLAINTEXT",` +
    `oauth_version="1.0",oauth_signature="${client.secret}%26"'`;
  const item = { enrollment_id: enrollment, date: tuesday, status: 3, comment: 'Bus was late' };
  const json = JSON.stringify({ attendances: { attendance: [item] } });
  const xml =
    `<result><attendances><attendance><enrollment_id>${enrollment}</enrollment_id><date>${tuesday}</date>` +
    '<status>4</status><comment>Dentist</comment></attendance></attendances></result>';
  return `
rollbook serves an invented school at ${address}   (Ctrl-C stops it)

Take the roll as ${teacher.name}, who teaches Science 8 (the link signs you in once; start the demo again for another):
  ${linkOf(address, teacher.invitation)}

Look at the district as ${office.name} of the office, in another browser or a private window:
  ${linkOf(address, office.invitation)}

Read what you saved in Science 8 today, as an LMS does:
  curl ${bearer} '${url}?start=${today}&end=${today}&taken=1'

Read a week of the section's attendance, in JSON:
  curl ${bearer} '${url}?start=${monday}&end=${friday}'

The same in XML, signed by OAuth 1.0a:
  curl -H 'Accept: text/xml' ${oauth} '${url}?start=${monday}&end=${friday}'

Mark a student late, in JSON:
  curl -X PUT ${bearer} -H 'Content-Type: application/json' -d '${json}' '${url}'

Excuse them, in XML:
  curl -X PUT ${bearer} -H 'Content-Type: text/xml' -H 'Accept: text/xml' -d '${xml}' '${url}'

The roster:  ${address}/v1/users  /v1/schools  /v1/courses  /v1/sections/${section}/enrollments

key     ${client.key}
secret  ${client.secret}
token   ${client.token}
`;
}
