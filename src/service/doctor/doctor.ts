/*
 * `src/service/doctor/`: What `rollbook doctor` examines, one finding a check. It changes nothing, but that a key others
 * could read is closed to them, as by every command.
 */
import { type Config, ConfigError, readConfig, unknownSettings } from '../config';
import { error, type Finding, failed, found, ok, warning } from './finding';
import { languages, node } from './machine';
import { isListening, metricsPort, publicAddress } from './reach';
import { storage } from './storage';

/** All that can be told of this machine, its settings, its database and its service. */
export async function examine(env?: NodeJS.ProcessEnv): Promise<Finding[]> {
  const machine = [await found('node', node), await found('languages', languages)];
  let config: Config;
  try {
    config = readConfig(env);
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return [...machine, error('settings', thrown.message, 'Correct it. Nothing else is checked before.')];
  }
  const { findings, held } = await storage(config);
  const port = await isListening(config, held).catch((thrown) => ({
    finding: failed('port', thrown),
    isServed: false,
  }));
  const address = await found('proxy', () => publicAddress(config, held, port.isServed));
  const metrics = await metricsPort(config, port.isServed).catch((thrown) => [failed('metrics', thrown)]);
  return [...machine, settings(config, unknownSettings(env)), ...findings, port.finding, ...metrics, address];
}

/** What is allowed, and seldom meant. */
function settings(
  { publicUrl, trustProxy, allowPlaintext, checked }: Config,
  unknown: ReturnType<typeof unknownSettings>,
): Finding {
  if (publicUrl?.startsWith('https:') && trustProxy === false)
    return error(
      'settings',
      'PUBLIC_URL is https, and TRUST_PROXY names no proxy that ends it.',
      'Set TRUST_PROXY, to loopback if the proxy is on this machine. Else nobody gets a token or can sign in.',
    );
  if (unknown.length > 0)
    return warning(
      'settings',
      `Nobody reads ${unknown.map(({ name, meant }) => (meant ? `${name} (is it ${meant}?)` : name)).join(', ')}.`,
      'Look whether the name is right: docs/configuration.md.',
    );
  if (allowPlaintext)
    return warning(
      'settings',
      'ROLLBOOK_ALLOW_PLAINTEXT is on: secrets are taken and given where others can listen.',
      'Put TLS in front, and take it out.',
    );
  if (checked)
    return warning('settings', 'NODE_ENV has every answer checked, which costs time.', 'Take it out in production.');
  return ok('settings', 'each of them can be read');
}
