import type { Database, Transaction } from '../../database/database';
import { text } from '../../database/query';
import { bit, instant, integer, type RowOf, string } from '../../database/rows';
import { type Author, openSettingChanges, type SettingChange } from '../../roster/setting-changes';

const platformRow = {
  id: integer,
  issuer: string,
  oauth_client_id: string,
  authorization_url: string,
  token_url: string,
  keys_url: string,
  frame_origins: string,
  trusts_email: bit,
};
const columns = Object.keys(platformRow)
  .map((name) => `lti_platforms.${name}`)
  .join(', ');

/** A platform by which rollbook is launched: an LMS, and what it calls rollbook. */
export interface Platform extends Omit<RowOf<typeof platformRow>, 'frame_origins' | 'trusts_email'> {
  /** Whose pages may show rollbook in a frame: sources of CSP, `https://lms.example.org`. */
  readonly frame_origins: readonly string[];
  /** Its email addresses are verified, though it does not say so. */
  readonly trusts_email: boolean;
}

/** What of a platform an operator says. */
export type PlatformRequest = Omit<Platform, 'id'>;

const deploymentRow = { id: integer, platform_id: integer, district_id: integer, deployment: string };
/** Where a platform has installed rollbook, and for which district. */
export type Deployment = RowOf<typeof deploymentRow>;

/** A platform and its deployments, for a list. */
export interface ListedPlatform extends Platform {
  readonly created_at: string;
  readonly deployments: readonly Pick<Deployment, 'deployment' | 'district_id'>[];
}

/** Who changes something of platforms: each change is kept for the districts that it concerns. */
export type By = Omit<Author, 'district'>;

/** What an operator asked for and cannot have; the message says why. */
export class PlatformError extends Error {}

/** How many deployments a platform may have. */
const MOST_DEPLOYMENTS = 10_000;

export type Platforms = ReturnType<typeof openPlatforms>;

/** The platforms that may launch rollbook. A launch comes with an issuer and a client id; its deployment says the district. */
export function openPlatforms(database: Database) {
  const { knex, all, transaction } = database;
  const sql = platformsSql({ knex });
  const { note } = openSettingChanges(database);

  /** Keeps a change for each of these districts. */
  async function noteFor(
    tx: Transaction,
    districts: Iterable<number>,
    by: By,
    what: SettingChange['what'],
    detail: string,
  ) {
    for (const district of new Set(districts)) await note({ ...by, district }, { what, detail })(tx);
  }

  const find = async (issuer: string, client: string): Promise<Platform | undefined> =>
    (await all(sql.find, { issuer, client })).map(platformOf)[0];

  return {
    find,

    /** The only one of the issuer; undefined where there are several: one issuer has many client ids. */
    async only(issuer: string): Promise<Platform | undefined> {
      const found = await all(sql.ofIssuer, { issuer });
      return found.length === 1 ? platformOf(found[0]!) : undefined;
    },

    byId: async (id: number): Promise<Platform | undefined> => (await all(sql.byId, { id })).map(platformOf)[0],

    deployment: async (platform: number, deployment: string): Promise<Deployment | undefined> =>
      (await all(sql.deployment, { platform, deployment }))[0],

    deploymentById: async (id: number): Promise<Deployment | undefined> => (await all(sql.deploymentById, { id }))[0],

    /**
     * Adds a platform where it is new, and a deployment of it, where that is said. Throws PlatformError where the platform is known with other
     * addresses, or the deployment is another district's.
     */
    async add(request: PlatformRequest, district: number, deployment: string | undefined, by: By): Promise<Platform> {
      const at = new Date().toISOString();
      return transaction(async (tx) => {
        const { frame_origins, trusts_email, ...rest } = request;
        const isNew = await tx.all(sql.add, {
          ...{ ...rest, frame_origins: JSON.stringify(frame_origins), trusts_email: Number(trusts_email), at },
        });
        const platform = platformOf(
          (await tx.all(sql.find, { issuer: rest.issuer, client: rest.oauth_client_id }))[0]!,
        );
        const differs = (Object.keys(request) as (keyof PlatformRequest)[]).filter(
          (name) => String(platform[name]) !== String(request[name]),
        );
        if (differs.length > 0)
          throw new PlatformError(
            `Platform ${platform.id} has this issuer and client id already, with another ${differs.join(', ')}. Remove it first.`,
          );
        if (isNew.length > 0) await noteFor(tx, [district], by, 'lti_platform_added', nameOf(platform));
        if (deployment === undefined) return platform;
        const [count] = await tx.all(sql.count, { platform: platform.id });
        if (count!.count >= MOST_DEPLOYMENTS)
          throw new PlatformError(`A platform may have ${MOST_DEPLOYMENTS} deployments.`);
        const values = { platform: platform.id, deployment };
        const isAdded = await tx.all(sql.addDeployment, { ...values, district, at });
        const [added] = await tx.all(sql.deployment, values);
        if (added!.district_id !== district)
          throw new PlatformError(`Deployment ${deployment} of platform ${platform.id} is another district's already.`);
        const detail = `${nameOf(platform)}, ${deployment}`;
        if (isAdded.length > 0) await noteFor(tx, [district], by, 'lti_deployment_added', detail);
        return platform;
      });
    },

    async list(): Promise<ListedPlatform[]> {
      const [platforms, deployments] = [await all(sql.list), await all(sql.deployments)];
      return platforms.map(({ created_at, ...row }) => ({
        ...platformOf(row),
        created_at,
        deployments: deployments
          .filter(({ platform_id }) => platform_id === row.id)
          .map(({ deployment, district_id }) => ({ deployment, district_id })),
      }));
    },

    /** Takes a platform away with all its deployments, or one of these. Throws PlatformError where there is none. */
    async remove(id: number, deployment: string | undefined, by: By): Promise<void> {
      const removed = await transaction(async (tx) => {
        const [platform] = (await tx.all(sql.byId, { id })).map(platformOf);
        if (!platform) return [];
        const name = nameOf(platform);
        if (deployment !== undefined) {
          const found = await tx.all(sql.removeDeployment, { platform: id, deployment });
          const districts = found.map(({ district_id }) => district_id);
          await noteFor(tx, districts, by, 'lti_deployment_removed', `${name}, ${deployment}`);
          return found;
        }
        const found = await tx.all(sql.removeDeployments, { platform: id });
        const districts = found.map(({ district_id }) => district_id);
        await noteFor(tx, districts, by, 'lti_platform_removed', name);
        return tx.all(sql.remove, { id });
      });
      if (removed.length > 0) return;
      const what = deployment === undefined ? '' : ` with a deployment ${deployment}`;
      throw new PlatformError(`There is no platform ${id}${what}.`);
    },

    /** Keeps, together with it, that the key was exchanged by which platforms know rollbook: for each district that has one. */
    keyRotated: (by: By) => async (tx: Transaction, kid: string) => {
      const districts = (await tx.all(sql.districts)).map(({ district_id }) => district_id);
      await noteFor(tx, districts, by, 'lti_key_rotated', kid);
    },
  };
}

/** What a platform is called in what is kept of its changes. */
const nameOf = ({ issuer, oauth_client_id }: Platform): string => `${issuer}, ${oauth_client_id}`;

const platformOf = ({ frame_origins, trusts_email, ...row }: RowOf<typeof platformRow>): Platform => ({
  ...row,
  frame_origins: JSON.parse(frame_origins),
  trusts_email: Boolean(trusts_email),
});

function platformsSql({ knex }: Pick<Database, 'knex'>) {
  const acrossDistricts = 'the district is known by the deployment, which is found by the launch';
  const deployments = `select lti_deployments.id, lti_deployments.platform_id, lti_deployments.district_id, lti_deployments.deployment
    from lti_deployments`;
  const id = { id: integer };
  const ofDistrict = { district_id: integer };
  return {
    find: text(
      knex,
      `select ${columns} from lti_platforms
      where lti_platforms.issuer = :issuer and lti_platforms.oauth_client_id = :client`,
      platformRow,
    ),
    ofIssuer: text(
      knex,
      `select ${columns} from lti_platforms where lti_platforms.issuer = :issuer order by lti_platforms.id limit 2`,
      platformRow,
    ),
    byId: text(knex, `select ${columns} from lti_platforms where lti_platforms.id = :id`, platformRow),
    list: text(knex, `select ${columns}, lti_platforms.created_at from lti_platforms order by lti_platforms.id`, {
      ...platformRow,
      created_at: instant,
    }),
    deployments: text(knex, `${deployments} order by lti_deployments.platform_id, lti_deployments.id`, deploymentRow, {
      acrossDistricts: 'an operator sees the platforms of all',
    }),
    deployment: text(
      knex,
      `${deployments} where lti_deployments.platform_id = :platform and lti_deployments.deployment = :deployment`,
      deploymentRow,
      { acrossDistricts },
    ),
    deploymentById: text(knex, `${deployments} where lti_deployments.id = :id`, deploymentRow, { acrossDistricts }),
    districts: text(knex, 'select distinct lti_deployments.district_id from lti_deployments', ofDistrict, {
      acrossDistricts: 'the key is the same for all',
    }),
    count: text(
      knex,
      'select count(*) as count from lti_deployments where lti_deployments.platform_id = :platform',
      { count: integer },
      { acrossDistricts },
    ),
    add: text(
      knex,
      `insert into lti_platforms (issuer, oauth_client_id, authorization_url, token_url, keys_url, frame_origins,
        trusts_email, created_at)
      values (:issuer, :oauth_client_id, :authorization_url, :token_url, :keys_url, :frame_origins,
        cast(:trusts_email as boolean), :at)
      on conflict (issuer, oauth_client_id) do nothing
      returning id`,
      id,
    ),
    addDeployment: text(
      knex,
      `insert into lti_deployments (platform_id, district_id, deployment, created_at)
      values (:platform, :district, :deployment, :at)
      on conflict (platform_id, deployment) do nothing
      returning id`,
      id,
    ),
    remove: text(knex, 'delete from lti_platforms where lti_platforms.id = :id returning id', id),
    removeDeployments: text(
      knex,
      'delete from lti_deployments where lti_deployments.platform_id = :platform returning district_id',
      ofDistrict,
      { acrossDistricts },
    ),
    removeDeployment: text(
      knex,
      `delete from lti_deployments
      where lti_deployments.platform_id = :platform and lti_deployments.deployment = :deployment returning district_id`,
      ofDistrict,
      { acrossDistricts },
    ),
  };
}
