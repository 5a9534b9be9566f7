import { useTitle } from './title';

/** What is shown at an address that leads nowhere, and why. */
export function NoPage({ why = 'There is no such page.' }: { why?: string }) {
  useTitle('No such page');
  return (
    <>
      <h1>No such page</h1>
      <p class="notice" role="alert">
        {why} <a href="#/">Go to the first page</a>
      </p>
    </>
  );
}
