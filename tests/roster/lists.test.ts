import { rosterSql } from '../../src/roster/sql';
import { openTestDatabase, type TestDatabase } from '../world';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase({ reuse: true });
});
afterAll(() => opened.close());

/** What the roster gives every list: who asks, and which page. */
const given = ['district', 'person', 'own_school', 'yesterday', 'offset', 'limit'];

test('each list of the roster is asked by the parameters that its SQL has, and by no others', () => {
  const lists = Object.entries(rosterSql(opened.database)).flatMap(([name, query]) =>
    'asked' in query ? [{ name, query }] : [],
  );
  expect(lists.length).toBeGreaterThan(15);
  for (const { name, query } of lists) {
    const named = new Set([...query.rows.names, ...query.count.names].filter((each) => !given.includes(each)));
    expect({ name, asked: [...query.asked].sort() }).toEqual({ name, asked: [...named].sort() });
  }
});
