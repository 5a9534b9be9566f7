/** As much of curl as the lines of the demo need: so that they can be run as they stand where there is no curl. */
const { values, url } = process.argv.slice(2).reduce(
  ({ values, url, option }, word) => {
    if (option) return { values: [...values, [option, word]], url };
    return word.startsWith('-') ? { values, url, option: word } : { values, url: word };
  },
  { values: [], url: '' },
);
const all = (option) => values.filter(([name]) => name === option).map(([, value]) => value);
const response = await fetch(url, {
  method: all('-X')[0] ?? 'GET',
  headers: all('-H').map((field) => field.split(/: (.*)/s, 2)),
  body: all('-d')[0],
});
process.stdout.write(`${response.status} ${await response.text()}`);
