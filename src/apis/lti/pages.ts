import type { LtiReason } from '../../../schemas/lti/launch';
import type { Reply } from '../../http/endpoint';
import type { Dependencies } from '../dependencies';
import { type Facts, LaunchRefused } from './refusal';

/** How much is said of what was wrong, in an address: characters. */
const LONGEST_FACT = 300;

/** What is known of a launch where it is refused: of which platform it is, and the state with which it could be begun again. */
export interface Known {
  platform?: number | undefined;
  state?: string | undefined;
}

/** Where a launch leads the browser. */
export function launchPages({ prefix, onFault }: Pick<Dependencies, 'prefix' | 'onFault'>) {
  /** A page of LTI, which the platform may show in a frame. */
  const page = (platform: number | undefined, route: string, facts: Facts = {}): string => {
    const said = Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined);
    const asked = said.length > 0 ? `?${new URLSearchParams(said)}` : '';
    return `${prefix}/launched${platform === undefined ? '' : `?platform=${platform}`}#/${route}${asked}`;
  };

  /** A browser is here, with somebody before it: what is refused is said by a page. */
  async function refusing(work: (of: Known) => Promise<Reply<never>>): Promise<Reply<never>> {
    const of: Known = {};
    try {
      return await work(of);
    } catch (error) {
      if (!(error instanceof LaunchRefused)) throw error;
      onFault(error);
      const route = `refused/${error.reason}`;
      const facts = Object.entries(error.facts).map(([name, value]) => [name, value?.slice(0, LONGEST_FACT)]);
      const again = canRetry(error.reason) ? { again: of.state } : {};
      return {
        status: 303,
        headers: { Location: page(of.platform, route, { ...Object.fromEntries(facts), ...again }) },
      };
    }
  }

  return { page, refusing };
}

/** Where it may help to begin again in a window of its own, which keeps cookies. */
const canRetry = (reason: LtiReason): boolean => ['cookies', 'browser'].includes(reason);
