import { Command, InvalidArgumentError, Option } from 'commander';
import { type Compared, differences, openComparison } from '../apis/lti/compare';
import { openCourses } from '../apis/lti/grades/courses';
import { membersOf } from '../apis/lti/members';
import { openPlatforms, type Platform, PlatformError, type PlatformRequest } from '../apis/lti/platforms';
import { presets } from '../apis/lti/presets';
import { invitationOf } from '../apis/lti/register';
import { openServices, scopes } from '../apis/lti/services';
import { openToolKeys } from '../apis/lti/tool-keys';
import { nameOfKeys, secretKeysOf } from '../clients/secret-keys';
import { secretsWith } from '../clients/secrets';
import { signerWith } from '../clients/signer';
import type { Database } from '../database/database';
import { openDistricts } from '../roster/districts';
import { readConfig } from '../service/config';
import { resolveName } from '../webhooks/addresses';
import { duration, id, noteRead, operator, print, table, withDatabase, withJson } from './context';

interface Options {
  readonly json?: boolean;
}

interface AddOptions extends Options {
  readonly preset?: string;
  readonly district: string;
  readonly clientId: string;
  readonly deployment: string;
  readonly issuer?: string;
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
  readonly keysUrl?: string;
  readonly frameOrigin?: readonly string[];
  readonly trustEmail?: boolean;
}

/** Seconds: how long a new key is published before it signs, for platforms to fetch it, and the one before it afterwards. */
const HOUR = 3_600;
const DAY = 86_400;

const UNKNOWN_URL = 'Set PUBLIC_URL to the address of rollbook: the platform is to know it.';

const url = (text: string): string => {
  const found = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe =
    found?.protocol === 'https:' || (found?.protocol === 'http:' && readConfig().webhookNetworks.length > 0);
  if (found && isSafe && !found.username && !found.hash && text.length <= 2_000) return text;
  throw new InvalidArgumentError('It must be an https address; http is for networks in WEBHOOK_ALLOW alone.');
};

/** One host: `*.` would have everybody who has a host below show children's records in a page of theirs. */
const origin = (text: string, before: readonly string[] = []): readonly string[] => {
  if (/^https?:\/\/[a-z\d-]+(\.[a-z\d-]+)*(:\d{1,5})?$/.test(text)) return [...before, text];
  throw new InvalidArgumentError('It must be like https://lms.example.org, without a path or a wildcard.');
};

const name = (text: string): string => {
  if (text.trim() !== '' && text.length <= 255) return text.trim();
  throw new InvalidArgumentError('It must have 1 to 255 characters.');
};

const add = withJson(new Command('add'))
  .description('let a platform launch rollbook, for a district; what to paste there is printed')
  .addHelpText(
    'after',
    '\nOf a platform that is registered already, its issuer and client id are enough to add a deployment.',
  )
  .addOption(new Option('--preset <name>', 'the addresses of').choices(Object.keys(presets)))
  .requiredOption('--district <district>', 'id or name of the district')
  .requiredOption('--client-id <id>', 'what the platform calls rollbook', name)
  .requiredOption('--deployment <id>', 'the deployment id; call it again for another one', name)
  .option('--issuer <issuer>', 'how the platform names itself', name)
  .option('--authorization-url <url>', 'where it says who somebody is (OIDC authentication request)', url)
  .option('--token-url <url>', 'where it gives access tokens', url)
  .option('--keys-url <url>', 'where it publishes its keys (JWKS)', url)
  .option('--frame-origin <origin>', 'whose pages show rollbook in a frame; may be repeated', origin)
  .option('--trust-email', 'nobody can enter an email address there that is not theirs: it counts as verified')
  .action(({ json, district, deployment, ...options }: AddOptions) =>
    withDatabase(async (database) => {
      const own = ownAddresses();
      const { id: districtId } = await openDistricts(database).get(district);
      await openToolKeys(database).ensure(await secretsOf(database));
      const platforms = openPlatforms(database);
      const issuer = options.issuer ?? presets[options.preset ?? '']?.issuer;
      const known = issuer === undefined ? undefined : await platforms.find(issuer, options.clientId);
      const platform = await platforms.add(
        requestOf(options, known),
        districtId,
        deployment,
        operator('lti platform add'),
      );
      print({ ...platform, deployment, district_id: districtId, ...own }, json, [
        `id               ${platform.id}`,
        'Enter at the platform:',
        `login URL        ${own.login_url}`,
        `redirect URI     ${own.redirect_uri}`,
        `target link URI  ${own.target_link_uri}`,
        `public keys      ${own.keys_url_of_rollbook}`,
        ...(own.login_url.startsWith('https:') ? [] : ['PUBLIC_URL is no https address: no launch is taken there.']),
      ]);
    }),
  );

const invite = withJson(new Command('invite'))
  .description(
    'print a link by which the administrator of an LMS registers it once, within a week (dynamic registration)',
  )
  .requiredOption('--district <district>', 'id or name of the district')
  .requiredOption('--frame-origin <origin>', 'whose pages show rollbook in a frame; may be repeated', origin)
  .action(({ json, district, frameOrigin }: Options & { district: string; frameOrigin: readonly string[] }) =>
    withDatabase(async (database) => {
      const { publicUrl, secretKey } = readConfig();
      if (publicUrl === undefined) throw new PlatformError(UNKNOWN_URL);
      const { id } = await openDistricts(database).get(district);
      await openToolKeys(database).ensure(await secretsOf(database));
      const signer = signerWith(await secretKeysOf(database, secretKey));
      const url = `${publicUrl}/lti/register/${invitationOf(signer, id, frameOrigin)}`;
      print({ url }, json, [url]);
    }),
  );

const list = withJson(new Command('list'))
  .description('list the platforms and their deployments')
  .action(({ json }: Options) =>
    withDatabase(async (database) => {
      const platforms = await openPlatforms(database).list();
      const lines = platforms.flatMap(({ id, issuer, oauth_client_id, frame_origins, deployments }) =>
        (deployments.length > 0 ? deployments : [{ deployment: '', district_id: '' }]).map((each) => ({
          ...{ id, issuer, client_id: oauth_client_id, deployment: each.deployment, district: each.district_id },
          frames: frame_origins.join(' '),
        })),
      );
      print(platforms, json, table(lines));
    }),
  );

const remove = withJson(new Command('remove'))
  .description('have a platform launch rollbook no more')
  .argument('<id>', 'id of the platform', id)
  .option('--deployment <id>', 'this deployment alone')
  .action((platform: number, { json, deployment }: Options & { deployment?: string }) =>
    withDatabase(async (database) => {
      await openPlatforms(database).remove(platform, deployment, operator('lti platform remove'));
      const what = deployment === undefined ? '' : `, deployment ${deployment},`;
      print({ removed: platform, ...(deployment !== undefined && { deployment }) }, json, [
        `Platform ${platform}${what} is removed.`,
      ]);
    }),
  );

const rotate = withJson(new Command('rotate'))
  .description(
    'make another key, which signs once platforms have fetched it; the one before it stays published for a day',
  )
  .option('--after <time>', 'how long it is published before it signs, like 1h', duration, HOUR)
  .action(({ json, after }: Options & { after: number }) =>
    withDatabase(async (database) => {
      const noted = openPlatforms(database).keyRotated(operator('lti key rotate'));
      const kid = await openToolKeys(database).rotate(await secretsOf(database), after, DAY, noted);
      print({ kid }, json, [`The key is ${kid}.`]);
    }),
  );

const courses = withJson(new Command('list'))
  .description('list the courses that launch sections of a district, and how far each has been sent attendance grades')
  .requiredOption('--district <district>', 'id or name of the district')
  .action(({ json, district }: Options & { district: string }) =>
    withDatabase(async (database) => {
      const { id } = await openDistricts(database).get(district);
      const found = await openCourses(database).list(id);
      const platforms = openPlatforms(database);
      // Those of a deployment that was removed end when their turn comes.
      const standing = new Set<number>();
      for (const one of new Set(found.map(({ deployment_id }) => deployment_id)))
        if (await platforms.deploymentById(one)) standing.add(one);
      const courses = found.filter(({ deployment_id }) => standing.has(deployment_id));
      const shown = courses.map(({ district_id, deployment_id, context, section_id, section, ...course }) => ({
        ...{ id: course.id, district_id, deployment_id, context, section_id, section, scores: course.scores },
        ...{ failing_since: course.failing_since, next_attempt_at: course.held_until, last_error: course.last_error },
      }));
      print(shown, json, table(shown));
    }),
  );

const members = withJson(new Command('members'))
  .description('compare the members of a course, as the LMS lists them, with its section; nothing is changed')
  .argument('<id>', 'id of the course, as `lti course list` has it', id)
  .requiredOption('--district <district>', 'id or name of the district')
  .option('--differences', 'those alone who differ')
  .action((id: number, { json, district, differences: only }: Options & { district: string; differences?: boolean }) =>
    withDatabase(async (database) => {
      const of = (await openDistricts(database).get(district)).id;
      const { course, platform } = await courseOf(database, of, id);
      await noteRead(database, 'lti course members', of, { section: course.section_id });
      const reach = { networks: readConfig().webhookNetworks, resolve: resolveName };
      const service = openServices(database, await secretsOf(database), reach)(platform, scopes.members);
      const compared: Compared[] = [];
      for await (const page of openComparison(database)(course, platform, membersOf(service, course.memberships_url)))
        compared.push(...page);
      const differing = compared.filter(({ difference }) => difference !== null);
      const shown = only ? differing : compared;
      const lines = shown.map(({ difference, ...each }) => ({
        ...each,
        difference: difference === null ? '' : differences[difference],
      }));
      print({ course: id, section_id: course.section_id, members: shown }, json, [
        ...table(lines),
        `${compared.length - differing.length} of ${compared.length} are the same in the LMS and in the roster.`,
      ]);
    }),
  );

export const ltiCommand = new Command('lti')
  .description('LTI 1.3: rollbook inside an LMS')
  .addCommand(
    new Command('platform')
      .description('the platforms that may launch rollbook')
      .addCommand(add)
      .addCommand(invite)
      .addCommand(list)
      .addCommand(remove),
  )
  .addCommand(
    new Command('course')
      .description('the courses of platforms that launch rollbook')
      .addCommand(courses)
      .addCommand(members),
  )
  .addCommand(new Command('key').description('the key by which platforms know rollbook').addCommand(rotate));

async function secretsOf(database: Database) {
  const { secretKey } = readConfig();
  return secretsWith(await secretKeysOf(database, secretKey), nameOfKeys(secretKey, database.file));
}

/** A course whose platform says who is in it. */
async function courseOf(database: Database, district: number, id: number) {
  const course = await openCourses(database).get(district, id);
  const platforms = openPlatforms(database);
  const deployment = course && (await platforms.deploymentById(course.deployment_id));
  const platform = deployment && (await platforms.byId(deployment.platform_id));
  if (!course || !platform)
    throw new PlatformError(`There is no course ${id}; \`rollbook lti course list\` lists them.`);
  const { memberships_url } = course;
  if (memberships_url === null)
    throw new PlatformError('The LMS does not say who is in this course (Names and Roles).');
  return { course: { ...course, memberships_url }, platform };
}

/** What is said, over what is registered of the platform already, or what a preset has. */
function requestOf(
  { preset, ...said }: Omit<AddOptions, 'json' | 'district' | 'deployment'>,
  registered: Platform | undefined,
): PlatformRequest {
  const known = registered ?? (preset === undefined ? undefined : presets[preset]);
  const given = <Value>(option: string, value: Value | undefined): Value => {
    if (value !== undefined) return value;
    throw new PlatformError(`Say --${option}, or --preset.`);
  };
  const frames = said.frameOrigin ?? known?.frame_origins ?? [];
  if (frames.length === 0)
    throw new PlatformError('Say --frame-origin, the address of the LMS as people open it: https://lms.example.org.');
  return {
    issuer: given('issuer', said.issuer ?? known?.issuer),
    oauth_client_id: said.clientId,
    authorization_url: given('authorization-url', said.authorizationUrl ?? known?.authorization_url),
    token_url: given('token-url', said.tokenUrl ?? known?.token_url),
    keys_url: given('keys-url', said.keysUrl ?? known?.keys_url),
    frame_origins: frames,
    trusts_email: said.trustEmail ?? registered?.trusts_email ?? false,
  };
}

/** What an administrator enters at the platform. */
function ownAddresses() {
  const { publicUrl } = readConfig();
  if (publicUrl === undefined) throw new PlatformError(UNKNOWN_URL);
  return {
    login_url: `${publicUrl}/lti/login`,
    redirect_uri: `${publicUrl}/lti/launch`,
    target_link_uri: `${publicUrl}/lti/launch`,
    keys_url_of_rollbook: `${publicUrl}/lti/jwks`,
  };
}
