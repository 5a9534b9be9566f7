import type { Knex } from 'knex';

/** The platforms that launch rollbook by LTI 1.3, and what is kept of their launches. */
export async function up(knex: Knex): Promise<void> {
  // A launch comes with an issuer and a client id; which district it is of is known by its deployment. These three stay in one place.
  await knex.schema.createTable('lti_platforms', (table) => {
    table.bigIncrements('id');
    table.string('issuer', 255).notNullable();
    table.string('oauth_client_id', 255).notNullable(); // what the platform calls rollbook
    table.text('authorization_url').notNullable();
    table.text('token_url').notNullable();
    table.text('keys_url').notNullable();
    table.text('frame_origins').notNullable(); // a JSON list: whose pages may show rollbook in a frame
    table.boolean('trusts_email').notNullable(); // its email addresses are verified, though it does not say so
    table.timestamp('created_at').notNullable();
    table.unique(['issuer', 'oauth_client_id']);
  });
  await knex.schema.createTable('lti_deployments', (table) => {
    table.bigIncrements('id');
    table.bigInteger('platform_id').notNullable().references('lti_platforms.id').onDelete('CASCADE');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.string('deployment', 255).notNullable(); // its deployment_id
    table.timestamp('created_at').notNullable();
    table.unique(['platform_id', 'deployment']);
  });
  // Of rollbook itself: with what it signs what it sends to platforms.
  await knex.schema.createTable('lti_keys', (table) => {
    table.bigIncrements('id');
    table.string('kid', 64).notNullable().unique();
    table.text('public_key').notNullable(); // a JWK
    table.text('secret').notNullable(); // the private key, sealed
    table.timestamp('created_at').notNullable();
    table.timestamp('signs_at').notNullable(); // from when on it signs; it is published before
    table.timestamp('expires_at').nullable(); // until when it is published
  });

  // Launches that were taken, each of which is good once.
  await knex.schema.createTable('lti_nonces', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.string('hash', 64).notNullable();
    table.timestamp('expires_at').notNullable();
    table.primary(['district_id', 'hash']);
    table.index(['district_id', 'expires_at']);
  });
  // Which section a teacher has chosen for a course of the platform that names none.
  await knex.schema.createTable('lti_contexts', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('deployment_id').notNullable();
    table.string('context', 255).notNullable();
    table.bigInteger('person_id').notNullable();
    table.bigInteger('section_id').notNullable();
    table.timestamp('chosen_at').notNullable();
    table.primary(['district_id', 'deployment_id', 'context', 'person_id']);
    table.foreign(['district_id', 'person_id']).references(['district_id', 'id']).inTable('people');
    table.foreign(['district_id', 'section_id']).references(['district_id', 'id']).inTable('sections');
    table.index(['district_id', 'person_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['lti_contexts', 'lti_nonces', 'lti_keys', 'lti_deployments', 'lti_platforms'])
    await knex.schema.dropTable(table);
}
