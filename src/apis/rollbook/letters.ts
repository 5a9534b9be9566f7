import type { Mail } from '../../mail/mailer';

/** A mail but for when it is worth nothing any more. */
type Letter = Omit<Mail, 'until'>;

interface Addressed {
  readonly district: number;
  /** What the district is called. */
  readonly place: string;
  readonly name: string;
  readonly to: string;
  readonly link: string;
}

/** For whoever has asked for it on the page to sign in. The code is in the subject, where a phone shows it. */
export const signInLetter = ({
  district,
  place,
  name,
  to,
  link,
  code,
}: Addressed & { readonly code: string }): Letter => ({
  district,
  to,
  subject: `${code} is your code to sign in`,
  text: `${name},

somebody has asked to sign in to attendance of ${place} with your address. If that was you, open this link:

${link}

Or type the code ${code} where you have asked for it. Link and code are good for 10 minutes, once.

If it was not you, do nothing, and give the code to nobody.
`,
});

/** For somebody whom the office invites. */
export const invitationLetter = ({
  district,
  place,
  name,
  to,
  link,
  until,
}: Addressed & { readonly until: string }): Letter => ({
  district,
  to,
  subject: `Your link to attendance of ${place}`,
  text: `${name},

the office of ${place} has invited you to take attendance. This link signs you in, once, until ${until}:

${link}

Do not give it to anybody: whoever opens it first is signed in as you.
`,
});

/** For a teacher who has not taken rolls of a day. It says nothing of students. */
export const reminderLetter = ({
  district,
  place,
  name,
  to,
  date,
  rolls,
}: Omit<Addressed, 'link'> & {
  readonly date: string;
  readonly rolls: readonly { readonly title: string; readonly periods: string; readonly link: string }[];
}): Letter => ({
  district,
  to,
  subject: rolls.length === 1 ? `The roll of ${rolls[0]!.title} is not taken` : `${rolls.length} rolls are not taken`,
  text: `${name},

the office of ${place} reminds you: these rolls of ${date} are not taken yet.

${rolls.map(({ title, periods, link }) => `${title}${periods && `, period ${periods}`}\n${link}`).join('\n\n')}

If you have taken them meanwhile, do nothing.
`,
});
