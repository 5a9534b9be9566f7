import type { Test } from 'supertest';
import type { Api } from '../api';

/** The same questions to every API: what is refused for all has to be said in the words of each. */
export interface Spoken {
  readonly name: string;
  /** Reads or looks something up, with the token where that API's clients put it. */
  ask(api: Api, token?: string): Test;
  /** Where a body can be sent, and how. */
  send(api: Api, body: string): Test;
  /** How it says no. */
  no(status: number, code: string): object;
}

const json = 'application/json';
const any = expect.any(String);

export const apis: Spoken[] = [
  {
    name: 'Schoology',
    ask: (api, token = api.token) =>
      api.get(`/v1/sections/${api.world.sections.algebra}/attendance`).set('Authorization', `Bearer ${token}`),
    send: (api, body) =>
      api.put(`/v1/sections/${api.world.sections.algebra}/attendance`).set('Content-Type', json).send(body),
    no: (status, code) => ({ status, code, title: any }),
  },
  {
    name: 'PowerSchool',
    ask: (api, token = api.token) => api.get('/ws/v1/metadata').set('Authorization', `Bearer ${token}`),
    send: (api, body) => api.post('/ws/attendance/batch_daily_time').set('Content-Type', json).send(body),
    no: () => ({ message: any }),
  },
  {
    name: 'OSDI',
    ask: (api, token = api.token) => api.get('/osdi/api/v1/people').set('OSDI-API-Token', token),
    send: (api, body) =>
      api.post('/osdi/api/v1/events').set('OSDI-API-Token', api.token).set('Content-Type', json).send(body),
    no: (status, error_code) => ({
      'osdi:error': {
        response_code: status,
        resource_status: [{ error_descriptions: [{ error_code, description: any }] }],
      },
    }),
  },
  {
    name: 'Wix',
    ask: (api, token = api.token) =>
      api.post('/bookings/v2/attendance/count').set('Authorization', token).set('Content-Type', json).send('{}'),
    send: (api, body) => api.post('/bookings/v2/attendance/query').set('Content-Type', json).send(body),
    no: (status, code) => ({ details: { applicationError: { code: status === 429 ? 'RESOURCE_EXHAUSTED' : code } } }),
  },
];
