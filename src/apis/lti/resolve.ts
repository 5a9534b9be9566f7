import { type Member, memberOf, rights } from '../../clients/client';
import { ClientError } from '../../clients/clients';
import { openSignIn } from '../../clients/sign-in';
import { today } from '../../days';
import type { Actor } from '../../ledger/actor';
import { Problem } from '../../lib/problem';
import type { Dependencies } from '../dependencies';
import type { Launch, Linking } from './claims';
import type { openContexts } from './contexts';
import type { Platform } from './platforms';
import { LaunchRefused } from './refusal';

/** Where a launch leads, and as whom. */
export type Destination =
  | { readonly kind: 'roll'; readonly client: number; readonly section: number; readonly date: string }
  | { readonly kind: 'home'; readonly client: number }
  | {
      readonly kind: 'choose';
      readonly client: number;
      readonly person: number;
      readonly context: string;
      /** Ids of sections that the platform has sent, of which the roster has none. */
      readonly unknown: readonly string[];
    }
  | { readonly kind: 'link'; readonly client: number; readonly linking: Linking }
  | { readonly kind: 'own'; readonly person: number };

/** Of a deployment that is registered. */
export interface Place {
  readonly id: number;
  readonly district_id: number;
}

/**
 * Who of the roster it is that a platform has launched, and what they are shown. The roster alone says who somebody is and what they may:
 * what the platform says of roles takes away, and gives nothing. Throws LaunchRefused, which says what is to be mended.
 */
export function openResolver(dependencies: Dependencies, contexts: ReturnType<typeof openContexts>) {
  const { database, clients, roster } = dependencies;
  const signIn = openSignIn(database, clients);

  return async (launch: Launch, platform: Platform, deployment: Place): Promise<Destination> => {
    const { roles } = launch;
    if (!roles.instructor && !roles.learner && !roles.administrator) throw new LaunchRefused('role');
    const person = await personOf(launch, platform, deployment.district_id);
    const member = memberOf(person);
    if (roles.instructor || roles.administrator) {
      if (member) return forStaff(launch, deployment, member);
      if (!roles.learner) throw new LaunchRefused('staff', { role: person.role });
    }
    if (launch.linking) throw new LaunchRefused('staff', { role: person.role });
    if (person.role !== 'student') throw new LaunchRefused('learner', { role: person.role });
    return { kind: 'own', person: person.id };
  };

  /** The one person whom the SIS calls so; where the platform says no such name, the one who has the address that it has verified. */
  async function personOf({ person, email, emailVerified }: Launch, { trusts_email }: Platform, district: number) {
    const facts = { person, email };
    // What it says of this address goes before what the operator says of all.
    const isVerified = email !== undefined && (emailVerified ?? trusts_email);
    const named = person === undefined ? [] : await contexts.peopleNamed(district, person);
    const found = named.length > 0 || !isVerified ? named : await withPages(district, email);
    const [one, another] = found;
    if (another) throw new LaunchRefused('ambiguous', facts);
    if (one) return one;
    throw new LaunchRefused(email !== undefined && !isVerified ? 'email' : 'person', facts);
  }

  /** Those with the address who have a page here: parents often share theirs with a teacher. */
  async function withPages(district: number, email: string) {
    return (await signIn.withEmail(district, email)).filter((person) => person.role === 'student' || memberOf(person));
  }

  async function forStaff(launch: Launch, place: Place, member: Member): Promise<Destination> {
    const { person } = member;
    const { sees } = rights[member.role];
    const bound = sees === 'sections';
    const client = await admitted(place.district_id, person);
    if (launch.linking) return { kind: 'link', client, linking: launch.linking };
    if (!launch.roles.instructor) return { kind: 'home', client };
    const actor = {
      ...{ district: place.district_id, api: 'lti', client },
      person: bound ? person : null,
      school: sees === 'school' ? member.school : null,
    };
    const date = today((await roster.district(actor)).time_zone);
    for (const section of launch.sections) {
      const named = await contexts.sectionNamed(place.district_id, section);
      if (named === undefined) continue;
      if (await mayTake(actor, named, date)) return { kind: 'roll', client, section: named, date };
      throw new LaunchRefused('section', { section });
    }
    const { context } = launch;
    if (!bound || context === undefined) return { kind: 'home', client };
    const chosen = await contexts.chosen({ district: place.district_id, deployment: place.id, context, person });
    const isGood = chosen !== undefined && (await mayTake(actor, chosen, date));
    if (isGood) return { kind: 'roll', client, section: chosen, date };
    return { kind: 'choose', client, person, context, unknown: launch.sections };
  }

  /** Whether it is theirs today: what the SIS has taken from them since is not. */
  async function mayTake(actor: Actor, section: number, date: string): Promise<boolean> {
    try {
      await roster.sectionOn(actor, String(section), { from: date, to: date });
      return true;
    } catch (error) {
      if (error instanceof Problem && ['SECTION_FORBIDDEN', 'NOT_FOUND'].includes(error.code)) return false;
      throw error;
    }
  }

  async function admitted(district: number, person: number): Promise<number> {
    try {
      return await signIn.admit(district, person);
    } catch (error) {
      throw error instanceof ClientError ? new LaunchRefused('revoked') : error;
    }
  }
}
