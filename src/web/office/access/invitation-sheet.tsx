import { generate } from 'lean-qr';
import { toSvgPath } from 'lean-qr/extras/svg';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Invitations } from '../../../../schemas/rollbook/access';
import { t } from '../../messages/messages';
import { clock } from '../../shared/days';
import { session } from '../../shared/session';
import { saveText } from '../download';
import { printAlone } from '../print';
import { csvOf } from './csv';

type Invitation = Invitations['invitations'][number];

interface Options {
  readonly invitations: readonly Invitation[];
  onClose(): void;
}

/** Links that were just made: to print and cut, to copy, or as CSV. They are shown this once. */
export function InvitationSheet({ invitations, onClose }: Options) {
  const part = useRef<HTMLElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => head.current!.focus(), [invitations]);
  const save = () =>
    saveText(csvOf(['name', 'email', 'link', 'expires_at'], invitations), 'text/csv', 'invitations.csv');
  return (
    <section class="picture invitations" aria-labelledby="links-title" ref={part}>
      <header>
        <h2 id="links-title" tabIndex={-1} ref={head}>
          {t('invitation.links', { n: invitations.length })}
        </h2>
        <button type="button" onClick={() => printAlone(part.current!)}>
          {t('print')}
        </button>
        <button type="button" onClick={save}>
          {t('invitation.csv')}
        </button>
        <button type="button" onClick={onClose}>
          {t('close')}
        </button>
      </header>
      <p class="quiet">{t('invitation.what', { time: clock(invitations[0]!.expires_at, zone()) })}</p>
      <ul class="cards">
        {invitations.map((invitation) => (
          <Card key={invitation.person_id} {...invitation} />
        ))}
      </ul>
    </section>
  );
}

const zone = (): string => session.value!.district.time_zone;

function Card({ name, link, expires_at }: Invitation) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard?.writeText(link).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <li class="card">
      <Code text={link} />
      <div>
        <strong>{name}</strong>
        <p>{t('invitation.scan', { time: clock(expires_at, zone()) })}</p>
        <code>{link}</code>
        <button type="button" aria-label={t('invitation.copy-of', { name })} onClick={copy}>
          {t(isCopied ? 'invitation.copied' : 'invitation.copy')}
        </button>
      </div>
    </li>
  );
}

/** A QR code (ISO/IEC 18004), with the quiet zone of 4 modules around it. */
function Code({ text }: { text: string }) {
  const code = generate(text);
  const size = code.size + 8;
  return (
    <svg class="code" viewBox={`-4 -4 ${size} ${size}`} role="img" aria-label={t('invitation.qr')}>
      <rect x="-4" y="-4" width={size} height={size} fill="#ffffff" />
      <path d={toSvgPath(code)} fill="#000000" />
    </svg>
  );
}
