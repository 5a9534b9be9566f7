import {
  AgainQuery,
  FinishBody,
  KeysReply,
  LaunchBody,
  type LaunchParameters,
  LoginBody,
  type LoginParameters,
  LoginQuery,
  StorageBody,
  StorageReply,
  WhereReply,
} from '../../../schemas/lti/launch';
import { openSessions, SHORT } from '../../clients/sessions';
import { hashOf } from '../../clients/tokens';
import { framedSessionCookie, framedSessionToken } from '../../http/credentials/token';
import { type Call, type Endpoint, endpoint, type Reply } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import { resolveName } from '../../webhooks/addresses';
import type { Dependencies } from '../dependencies';
import { enter } from '../enter';
import type { CourseServices } from './claims';
import { type Context, openContexts } from './contexts';
import {
  type Begun,
  begin,
  browserCookie,
  browserSecret,
  carried,
  isOfBrowser,
  newSecret,
  PATIENCE,
  type State,
  storageKey,
  type Unproved,
} from './flow';
import { openCourses } from './grades/courses';
import { learnerCookie } from './learner';
import { isAt, linkings } from './linking';
import { type Known, launchPages } from './pages';
import { openPlatformKeys } from './platform-keys';
import { openPlatforms, type Platform } from './platforms';
import { LaunchRefused } from './refusal';
import { type Destination, openResolver } from './resolve';
import { openToolKeys } from './tool-keys';
import { openVerifier } from './verify';

/** Where platforms send the browser. */
export const LAUNCH = '/lti/launch';

/** How often an address of the network may begin a launch: all of a school come by one, at eight in the morning. */
const BEGUN = { points: 3_000, window: 600 };

/** What a teacher is to say a course is: it is theirs to say, in the session that the launch began. */
export const choices = (signer: Dependencies['signer']) =>
  carried<Context & { readonly client: number; readonly services: CourseServices }>(signer, 'choice', SHORT);

/** `/lti`: what platforms and their pages ask for, without credentials: a launch brings its own. */
export function launchEndpoints(dependencies: Dependencies): Endpoint[] {
  const { database, signer, prefix, networks } = dependencies;
  const { page, refusing } = launchPages(dependencies);
  const platforms = openPlatforms(database);
  const keys = openToolKeys(database);
  const contexts = openContexts(database);
  const courses = openCourses(database);
  const verify = openVerifier(openPlatformKeys({ networks, resolve: resolveName }));
  const resolve = openResolver(dependencies, contexts);
  const states = carried<State>(signer, 'state', PATIENCE);
  const handles = {
    begun: carried<Begun>(signer, 'begun', PATIENCE),
    unproved: carried<Unproved>(signer, 'unproved', PATIENCE),
  };

  /** Core, 4.1: what is launched is an address of this host: nobody is led elsewhere by it, nor meant for another. */
  const isOurs =
    ({ link }: Pick<Call, 'link'>) =>
    (target: string): boolean => {
      if (!URL.canParse(target)) return false;
      const [asked, ours] = [new URL(target), new URL(link('/lti'))];
      const isBelow = asked.pathname === ours.pathname || asked.pathname.startsWith(`${ours.pathname}/`);
      return asked.origin === ours.origin && isBelow;
    };

  /** Sends the browser to the platform, to be told who is there (Security Framework, 5.1.1.2). */
  const authorization = ({ authorization_url, oauth_client_id }: Platform, state: string, known: State, call: Call) => {
    const url = new URL(authorization_url);
    const [login_hint = '', lti_message_hint] = known.hints ?? [];
    const asked = {
      ...{ scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none' },
      ...{ client_id: oauth_client_id, redirect_uri: call.link(LAUNCH), nonce: known.nonce, state, login_hint },
      ...(lti_message_hint !== undefined && { lti_message_hint }),
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return url.href;
  };

  function begun(
    platform: Platform,
    hints: readonly [string, string | undefined],
    storage: string | undefined,
    call: Call,
  ) {
    const { state, secret } = begin(platform.id, browserSecret(call.cookie), hints, storage);
    const signed = states.sign(state);
    const url = authorization(platform, signed, { ...state, hints }, call);
    return {
      status: 303,
      headers: {
        Location: storage ? page(platform.id, `begin/${handles.begun.sign({ state: signed, secret, hints })}`) : url,
        'Set-Cookie': browserCookie(secret, prefix),
      },
    };
  }

  const login = (call: Call, sent: LoginParameters): Promise<Reply<never>> =>
    refusing(async (of) => {
      const { iss = '', client_id, login_hint, target_link_uri = '', lti_message_hint, lti_storage_target } = sent;
      const isText = [iss, client_id ?? ''].every((text) => !text.includes('\u0000'));
      const found = isText ? await (client_id ? platforms.find(iss, client_id) : platforms.only(iss)) : undefined;
      [of.platform, of.deployment] = [found, sent.lti_deployment_id];
      if (!call.confidential) throw new LaunchRefused('insecure');
      if (!iss || login_hint === undefined || !target_link_uri) {
        const check = !iss ? 'iss' : login_hint === undefined ? 'login_hint' : 'target_link_uri';
        throw new LaunchRefused('request', {}, { check, got: 'none' });
      }
      if (!found) throw new LaunchRefused('unregistered', { issuer: iss, client: client_id });
      if (!isOurs(call)(target_link_uri)) throw new LaunchRefused('target', { target: target_link_uri });
      return begun(found, [login_hint, lti_message_hint], lti_storage_target || undefined, call);
    });

  /** What a good launch comes to, once it is proved that it is this browser's. */
  async function finished(
    { state, deployment, launch }: Unproved,
    call: Call,
  ): Promise<Reply<never> & { url: string }> {
    const [platform, place] = [await platforms.byId(state.platform), await platforms.deploymentById(deployment)];
    if (!platform || place?.platform_id !== platform.id)
      throw new LaunchRefused('deployment', placeOf(platform, launch.deployment));
    if (!(await contexts.take(place.district_id, hashOf(state.nonce), PATIENCE)))
      throw new LaunchRefused('replayed', {}, { check: 'nonce', got: 'one that was used already' });
    const to = await resolve(launch, platform, place);
    if (to.kind === 'roll' && launch.context !== undefined) {
      const course = { district: place.district_id, deployment: place.id, context: launch.context };
      await courses.link({ ...course, section: to.section }, launch.services);
    }
    const { cookie, url } = await led(to, platform, place, launch, call);
    return { status: 303, url, headers: { Location: url, 'Set-Cookie': cookie } };
  }

  async function led(
    to: Destination,
    platform: Platform,
    place: { readonly id: number; readonly district_id: number },
    { contextTitle, services, page: linked }: Unproved['launch'],
    call: Call,
  ): Promise<{ cookie: string | readonly string[]; url: string }> {
    const { id } = platform;
    if (to.kind === 'own') {
      const own = learnerCookie(
        signer,
        { district: place.district_id, person: to.person, deployment: place.id },
        prefix,
      );
      return { cookie: [own, ...(await withoutSession(call))], url: page(id, 'own') };
    }
    if (to.kind === 'link' && !isAt(to.linking.return_url, platform))
      throw new LaunchRefused('linking', { target: to.linking.return_url });
    const cookie = await sessionOf(to.client, call);
    if (to.kind === 'link') {
      const asked = { district: place.district_id, deployment: place.id, client: to.client, ...to.linking };
      return { cookie, url: page(id, `link/${linkings(signer).sign(asked)}`) };
    }
    if (to.kind === 'choose') {
      const { client, person, context, unknown } = to;
      const handle = choices(signer).sign({
        district: place.district_id,
        deployment: place.id,
        context,
        person,
        client,
        services,
      });
      return {
        cookie,
        url: page(id, `choose/${handle}`, { title: contextTitle, section: unknown.join(', ') || undefined }),
      };
    }
    if (to.kind === 'home') return { cookie, url: `${prefix}/?platform=${id}#/` };
    const days = linked === 'month' ? `month/${to.date.slice(0, 7)}` : to.date;
    return { cookie, url: `${prefix}/?platform=${id}#/sections/${to.section}/${days}` };
  }

  /** A student may sit at the device at which their teacher was before. */
  async function withoutSession({ cookie }: Call): Promise<string[]> {
    const token = framedSessionToken(cookie);
    if (token === undefined) return [];
    await dependencies.clients.endToken(token);
    return [framedSessionCookie('', 0, prefix)];
  }

  /** In a frame of another site a cookie of its own, which is good there alone. */
  async function sessionOf(client: number, call: Call): Promise<string> {
    if (call.ownWindow) return (await enter(dependencies, client, false, call)).cookie;
    return framedSessionCookie(await openSessions(database).begin(client, SHORT), SHORT, prefix);
  }

  /** What comes back of a launch that was begun, and by which platform; one that is too old still says where it is shown. */
  async function stateOf(signed: string | undefined, of: Known, { confidential }: Call) {
    const opened = states.open(signed);
    of.platform = opened && (await platforms.byId(opened.value.platform));
    if (!confidential) throw new LaunchRefused('insecure');
    const expected = `one of rollbook, of the last ${PATIENCE} seconds`;
    if (!opened || opened.isOver)
      throw new LaunchRefused('expired', {}, { check: 'state', expected, got: opened ? 'an older one' : 'another' });
    if (!of.platform)
      throw new LaunchRefused('unregistered', {}, { check: 'state', got: 'that of a platform that was removed' });
    const state = opened.value;
    of.state = state.hints && signed;
    return { platform: of.platform, state };
  }

  const launch = (call: Call, sent: LaunchParameters): Promise<Reply<never>> =>
    refusing(async (of) => {
      const { id_token, state: signed, error, error_description } = sent;
      const { platform, state } = await stateOf(signed, of, call);
      if (error !== undefined) throw new LaunchRefused('denied', { error, description: error_description });
      if (id_token === undefined) throw new LaunchRefused('request', {}, { check: 'id_token', got: 'none' });
      const said = await verify(id_token, platform, state.nonce, isOurs(call));
      of.deployment = said.deployment;
      const deployment = await platforms.deployment(platform.id, said.deployment);
      if (!deployment) throw new LaunchRefused('deployment', placeOf(platform, said.deployment));
      const unproved = { state, deployment: deployment.id, launch: said };
      if (isOfBrowser(state, browserSecret(call.cookie))) {
        const { url: _url, ...reply } = await finished(unproved, call);
        return reply;
      }
      if (!state.storage) throw new LaunchRefused('cookies');
      return { status: 303, headers: { Location: page(platform.id, `prove/${handles.unproved.sign(unproved)}`) } };
    });

  return [
    endpoint({
      method: 'GET',
      path: '/jwks',
      summary: 'Has the public keys of rollbook, by which platforms know it',
      schemas: { reply: KeysReply },
      handle: async () => ({
        status: 200,
        body: await keys.jwks(),
        headers: { 'Cache-Control': 'public, max-age=300' },
      }),
    }),
    endpoint({
      method: 'GET',
      path: '/login',
      summary: 'Begins a launch, and leads to the platform',
      headers: { 'Set-Cookie': 'What the browser brings along when it comes back.' },
      successes: [303],
      perAddress: BEGUN,
      schemas: { query: LoginQuery },
      handle: (call) => login(call, call.query),
    }),
    endpoint({
      method: 'POST',
      path: '/login',
      summary: 'Begins a launch, and leads to the platform',
      headers: { 'Set-Cookie': 'What the browser brings along when it comes back.' },
      successes: [303],
      perAddress: BEGUN,
      schemas: { body: LoginBody },
      handle: (call) => login(call, call.body),
    }),
    endpoint({
      method: 'GET',
      path: '/again',
      summary: 'Begins a launch again, in a window of its own',
      headers: { 'Set-Cookie': 'What the browser brings along when it comes back.' },
      successes: [303],
      perAddress: BEGUN,
      schemas: { query: AgainQuery },
      handle: (call) =>
        refusing(async (of) => {
          const { platform, state } = await stateOf(call.query.state, of, call);
          if (!state.hints)
            throw new LaunchRefused('expired', {}, { check: 'state', got: 'one with longer hints than are kept' });
          return begun(platform, state.hints, undefined, call);
        }),
    }),
    endpoint({
      method: 'POST',
      path: '/launch',
      summary: 'Signs in whom a platform has launched',
      headers: { 'Set-Cookie': 'The session, where somebody was signed in.' },
      successes: [303],
      elsewhere: true,
      schemas: { body: LaunchBody },
      handle: (call) => launch(call, call.body),
    }),
    endpoint({
      method: 'POST',
      path: '/storage',
      summary: 'Says what a platform is to keep for a launch, or has kept',
      headers: { 'Set-Cookie': 'By which it is seen whether the browser keeps one.' },
      errors: ['ORIGIN_FORBIDDEN', 'NOT_FOUND'],
      schemas: { body: StorageBody, reply: StorageReply },
      async handle(call) {
        if (call.foreign) throw new Problem('ORIGIN_FORBIDDEN');
        const starting = handles.begun.read(call.body.handle);
        const state = starting ? states.read(starting.state) : handles.unproved.read(call.body.handle)?.state;
        const platform = state && (await platforms.byId(state.platform));
        if (!platform || !state.storage) throw gone();
        const kept = {
          target: state.storage,
          origin: new URL(platform.authorization_url).origin,
          key: storageKey(state),
        };
        const value = starting?.secret ?? null;
        const authorization_url = starting
          ? authorization(platform, starting.state, { ...state, hints: starting.hints }, call)
          : null;
        const cookie = browserCookie(browserSecret(call.cookie) ?? newSecret(), prefix);
        return { status: 200, body: { ...kept, value, authorization_url }, headers: { 'Set-Cookie': cookie } };
      },
    }),
    endpoint({
      method: 'POST',
      path: '/finish',
      summary: 'Signs in whom a platform has launched, by what it has kept for the browser',
      headers: { 'Set-Cookie': 'The session.' },
      errors: ['ORIGIN_FORBIDDEN', 'NOT_FOUND'],
      schemas: { body: FinishBody, reply: WhereReply },
      async handle(call) {
        if (call.foreign) throw new Problem('ORIGIN_FORBIDDEN');
        const unproved = handles.unproved.read(call.body.handle);
        if (!unproved) throw gone();
        const reply = await refusing(async (of) => {
          const { state, launch } = unproved;
          [of.platform, of.deployment] = [await platforms.byId(state.platform), launch.deployment];
          of.state = state.hints && states.sign(state);
          if (!isOfBrowser(state, call.body.value)) throw new LaunchRefused('browser');
          // The session is in a cookie, too: who does not bring back the one of a moment ago would be signed in for nothing.
          if (browserSecret(call.cookie) === undefined) throw new LaunchRefused('cookies');
          const { url: _url, ...done } = await finished(unproved, call);
          return done;
        });
        const { Location: url, ...headers } = reply.headers!;
        return { status: 200, body: { url: String(url) }, headers: { ...headers, 'Cache-Control': 'no-store' } };
      },
    }),
  ];
}

/** What an operator adds a deployment by. */
const placeOf = (platform: Platform | undefined, deployment: string) => ({
  ...{ issuer: platform?.issuer, client: platform?.oauth_client_id, deployment },
});

const gone = () => new Problem('NOT_FOUND', 'This launch is not known, or was begun more than ten minutes ago.');
