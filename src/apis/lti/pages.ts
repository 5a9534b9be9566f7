import type { LtiReason } from '../../../schemas/lti/launch';
import type { Signer } from '../../clients/signer';
import type { Reply } from '../../http/endpoint';
import type { Dependencies } from '../dependencies';
import { carried, PATIENCE } from './flow';
import type { Platform } from './platforms';
import { type Facts, LaunchRefused } from './refusal';

/** How much is said of what was wrong, in an address and in the log: characters. */
const LONGEST_FACT = 300;

/** What is known of a launch, or of a registration, where it is refused. */
export interface Known {
  platform?: Platform | undefined;
  /** Of a launch that could be begun again with it. */
  state?: string | undefined;
  /** Whose pages show it, where no platform is known yet. */
  frame_origins?: readonly string[] | undefined;
  deployment?: string | undefined;
}

/** Whose pages may show a refusal while their platform is not known: it is said in the address, signed. */
export const framings = (signer: Signer) => carried<readonly string[]>(signer, 'framing', PATIENCE);

/** Where a launch leads the browser. */
export function launchPages({ prefix, signer, log }: Pick<Dependencies, 'prefix' | 'signer' | 'log'>) {
  /** A page of LTI, which the platform may show in a frame. */
  const page = (platform: number, route: string, facts: Facts = {}): string =>
    pageBeside(`?platform=${platform}`, route, facts);

  function pageBeside(framed: string, route: string, facts: Facts): string {
    const said = Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined);
    const asked = said.length > 0 ? `?${new URLSearchParams(said)}` : '';
    return `${prefix}/launched${framed}#/${route}${asked}`;
  }

  const framedBy = ({ platform, frame_origins }: Known): string => {
    if (platform) return `?platform=${platform.id}`;
    return frame_origins ? `?framing=${framings(signer).sign(frame_origins)}` : '';
  };

  /** A browser is here, with somebody before it: what is refused is said by a page. */
  async function refusing(work: (of: Known) => Promise<Reply<never>>): Promise<Reply<never>> {
    const of: Known = {};
    try {
      return await work(of);
    } catch (error) {
      if (!(error instanceof LaunchRefused)) throw error;
      log.warn({ lti: lineOf(error, of) }, 'an LTI launch or registration was refused');
      const again = canRetry(error.reason) ? { again: of.state } : {};
      const Location = pageBeside(framedBy(of), `refused/${error.reason}`, { ...shortened(error.facts), ...again });
      return { status: 303, headers: { Location } };
    }
  }

  return { page, refusing };
}

/** Where it may help to begin again in a window of its own, which keeps cookies. */
const canRetry = (reason: LtiReason): boolean => ['cookies', 'browser'].includes(reason);

/** Of whom a launch is does not get into the log, nor what the platform says to them. */
const ofPerson = ['person', 'email', 'title', 'description'];

/** Why, of which platform and where: for the operator. */
function lineOf({ reason, facts, found }: LaunchRefused, { platform, deployment }: Known): Facts {
  const own = Object.entries(facts).filter(([name]) => reason === 'registration' || !ofPerson.includes(name));
  const { issuer, oauth_client_id: client } = platform ?? {};
  const of = { ...(platform && { platform: String(platform.id) }), issuer, client, deployment };
  return { reason, ...shortened({ ...of, ...Object.fromEntries(own), ...found }) };
}

const shortened = (facts: object): Facts =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value?.slice(0, LONGEST_FACT)]));
