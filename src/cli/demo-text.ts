import type { NewClient } from '../clients/clients';

/** What the demo's reader can do with it. */
export interface DemoScene {
  readonly address: string;
  readonly client: NewClient;
  /** A section with three weeks of attendance, one of its students, and a day on which its roll was taken. */
  readonly section: number;
  readonly enrollment: number;
  readonly date: string;
}

/** Says how to try the demo: each `curl` works as it stands. */
export function demoText({ address, client, section, enrollment, date }: DemoScene): string {
  const url = `${address}/v1/sections/${section}/attendance`;
  const bearer = `-H 'Authorization: Bearer ${client.token}'`;
  const oauth =
    `-H 'Authorization: OAuth realm="rollbook",oauth_consumer_key="${client.key}",oauth_token="",` +
    `oauth_nonce="'$(date +%s%N)'",oauth_timestamp="'$(date +%s)'",oauth_signature_method="PLAINTEXT",` +
    `oauth_version="1.0",oauth_signature="${client.secret}%26"'`;
  const item = { enrollment_id: enrollment, date, status: 3, comment: 'Bus was late' };
  const json = JSON.stringify({ attendances: { attendance: [item] } });
  const xml =
    `<result><attendances><attendance><enrollment_id>${enrollment}</enrollment_id><date>${date}</date>` +
    '<status>4</status><comment>Dentist</comment></attendance></attendances></result>';
  return `
rollbook serves an invented school at ${address}   (Ctrl-C stops it)

Read a week of a section's attendance, in JSON:
  curl ${bearer} '${url}?start=2026-11-09&end=2026-11-13'

The same in XML, signed by OAuth 1.0a:
  curl -H 'Accept: text/xml' ${oauth} '${url}?start=2026-11-09&end=2026-11-13'

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
