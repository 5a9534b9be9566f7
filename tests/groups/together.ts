/** Has a file of tests run as a part of a group, and leaves the process as it was for the next one. */
export function together(name: string, load: () => void): void {
  describe(name, () => {
    const before = { ...process.env };
    load();
    afterAll(() => {
      jest.useRealTimers();
      jest.restoreAllMocks();
      for (const each of Object.keys(process.env)) if (!(each in before)) delete process.env[each];
      Object.assign(process.env, before);
    });
  });
}
