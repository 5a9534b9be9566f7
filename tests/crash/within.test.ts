import { within } from './within';

test('a step of a round that never ends is a fault that says which, not a run without end', async () => {
  await expect(within('The check', new Promise(() => undefined), 50)).rejects.toThrow('The check did not end within');
  await expect(within('The check', Promise.resolve(1), 50)).resolves.toBe(1);
  await expect(within('The check', Promise.reject(new Error('x')), 50)).rejects.toThrow('x');
});
