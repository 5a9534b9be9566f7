/** Required before a service: says at its end, on stderr, which packages it has loaded. */
process.on('exit', () => {
  const packages = Object.keys(require.cache).map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  require('node:fs').writeSync(2, `${JSON.stringify([...new Set(packages.filter(Boolean))])}\n`);
});
