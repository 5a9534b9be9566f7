import type { PlatformRequest } from './platforms';

/** What is the same for all schools of an LMS that its maker runs. */
type Preset = Pick<PlatformRequest, 'issuer' | 'authorization_url' | 'token_url' | 'keys_url' | 'frame_origins'>;

export const presets: Readonly<Record<string, Preset>> = {
  schoology: {
    issuer: 'https://schoology.schoology.com',
    authorization_url: 'https://lti-service.svc.schoology.com/lti-service/authorize-redirect',
    token_url: 'https://lti-service.svc.schoology.com/lti-service/access-token',
    keys_url: 'https://lti-service.svc.schoology.com/lti-service/.well-known/jwks',
    frame_origins: ['https://*.schoology.com'],
  },
  // Each school has an address of its own, which has to be said.
  canvas: {
    issuer: 'https://canvas.instructure.com',
    authorization_url: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
    token_url: 'https://sso.canvaslms.com/login/oauth2/token',
    keys_url: 'https://sso.canvaslms.com/api/lti/security/jwks',
    frame_origins: [],
  },
};
