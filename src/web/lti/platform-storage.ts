import type { LtiStorage, LtiWhere } from '../../../schemas/lti/launch';
import { call } from '../shared/api';

/** Milliseconds: a platform that keeps nothing does not answer. */
const PATIENCE = 2_000;

const storageOf = async (handle: string): Promise<LtiStorage> =>
  (await call<LtiStorage>('POST', '/lti/storage', { body: { handle } })).body;

/** Has the platform keep what a cookie may not, and goes on to it. Without it the cookie has to do. */
export async function beginWith(handle: string): Promise<void> {
  const asked = await storageOf(handle);
  await askPlatform('lti.put_data', asked, { value: asked.value }).catch(() => undefined);
  location.replace(asked.authorization_url!);
}

/** Proves by what the platform has kept that the launch is that of this browser. */
export async function proveWith(handle: string): Promise<void> {
  const asked = await storageOf(handle);
  const value = await askPlatform('lti.get_data', asked, {}).catch(() => '');
  const { url } = (await call<LtiWhere>('POST', '/lti/finish', { body: { handle, value } })).body;
  location.replace(url);
}

/** LTI Client Side postMessages 1.0, 2 and 3: a message to the frame that the platform names, of the origin at which it authorizes. */
function askPlatform(subject: string, { target, origin, key }: LtiStorage, more: object): Promise<string> {
  const id = crypto.getRandomValues(new Uint32Array(4)).join('');
  const frame =
    target === '_parent' ? parent : ((parent.frames as unknown as Record<string, Window>)[target] ?? parent);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => done(() => reject(new Error('The platform does not answer.'))), PATIENCE);
    const listen = ({ data, origin: from }: MessageEvent) => {
      if (from !== origin || data?.message_id !== id || data.subject !== `${subject}.response`) return;
      done(() => (data.error ? reject(new Error(data.error.message)) : resolve(String(data.value ?? ''))));
    };
    const done = (then: () => void) => {
      clearTimeout(late);
      removeEventListener('message', listen);
      then();
    };
    addEventListener('message', listen);
    frame.postMessage({ subject, message_id: id, key, ...more }, origin);
  });
}
