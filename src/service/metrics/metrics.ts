/*
 * `src/service/metrics/`: What the service counts of itself, for Prometheus: docs/metrics.md lists it. It is loaded only where
 * METRICS_PORT is set. No label says of whom something is: no ids, no names, no districts.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Request } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../../database/database';
import type { StatementObserver } from '../../database/observed';
import { isBelow, pathOf } from '../../http/admission/admission';
import { type AdmissionQueue, priorities } from '../../http/admission/queue';
import { type Api, patternOf } from '../../http/endpoint';
import { statusOf as statusOfProblem } from '../../http/problem';
import type { Problem } from '../../lib/problem';

export type Metrics = ReturnType<typeof openMetrics>;

/** In seconds. */
const ANSWERS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STATEMENTS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** Gauges of prom-client that are called as counters are, to which promtool objects. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const operations = ['select', 'insert', 'update', 'delete', 'with'];

/** What this process counts. Each label has a value of a list that the source has, or `other`: there is an end of them. */
export function openMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, from the end of their head to the end of their answer',
    labelNames: ['api', 'route', 'method', 'status'],
    buckets: ANSWERS,
    registers,
  });
  const refusals = new Counter({
    name: 'rollbook_refused_requests_total',
    help: 'Requests that were refused or failed, by the code of the error (docs/errors.md)',
    labelNames: ['code'],
    registers,
  });
  const marks = new Counter({
    name: 'rollbook_marks_written_total',
    help: 'Statuses of students that changed, by the API that wrote them',
    labelNames: ['api'],
    registers,
  });
  const statements = new Histogram({
    name: 'rollbook_db_statement_duration_seconds',
    help: 'How long statements of the database took',
    labelNames: ['operation'],
    buckets: STATEMENTS,
    registers,
  });
  const failures = new Counter({
    name: 'rollbook_db_statement_errors_total',
    help: 'Statements of the database that failed',
    labelNames: ['operation'],
    registers,
  });
  const unnoted = new Counter({
    name: 'rollbook_audit_lost_reads_total',
    help: 'Reads of records that could not be noted in the audit',
    registers,
  });
  const timers = new Map([...operations, 'other'].map((operation) => [operation, statements.labels(operation)]));
  const refused = ({ code }: Problem): void => refusals.labels(code).inc();

  return {
    registry,

    /** A listener of whose requests it is counted how long they take: the wait for their turn, too. */
    timed(listener: RequestListener, apis: readonly Pick<Api, 'name' | 'base'>[]): RequestListener {
      return (request, response) => {
        const began = performance.now();
        const path = pathOf(request);
        const api = apis.find(({ base }) => isBelow(path, base));
        response.once('close', () => {
          const method = among(methods, request.method);
          requests
            .labels(api?.name ?? 'none', routeOf(request, api), method, statusOf(response))
            .observe((performance.now() - began) / 1_000);
        });
        listener(request, response);
      };
    },

    refused,

    /** What could not be read as a request, and was refused: how long that took nobody knows. */
    unread(problem: Problem): void {
      refused(problem);
      requests.labels('none', 'unread', 'other', String(statusOfProblem(problem))).observe(0);
    },

    recorded: (api: string, changed: number): void => marks.labels(api).inc(changed),

    lostReads: (count: number): void => unnoted.inc(count),

    statement: ((query) => {
      const began = performance.now();
      const operation = among(operations, /\w+/.exec(query.sql)?.[0]);
      return (error) => {
        timers.get(operation)!.observe((performance.now() - began) / 1_000);
        if (error !== undefined) failures.labels(operation).inc();
      };
    }) satisfies StatementObserver,

    /** Has it say how many requests wait, and how many are worked on. */
    watchQueue(queue: Pick<AdmissionQueue, 'counts'>): void {
      const gauge = (name: string, help: string, of: 'waiting' | 'working') =>
        new Gauge({
          name,
          help,
          labelNames: ['priority'],
          registers,
          collect() {
            for (const count of queue.counts()) this.labels(count.priority).set(count[of]);
          },
        });
      gauge(
        'rollbook_queue_waiting',
        `Requests that wait for their turn, by priority: ${priorities.join(', ')}`,
        'waiting',
      );
      gauge('rollbook_queue_working', 'Requests that are worked on, by priority', 'working');
    },

    /** Has it say how much of the database is in use, and of its replica, where there is one. */
    watchDatabases(databases: Readonly<Record<string, Pick<Database, 'load'> | undefined>>): void {
      const gauge = (name: string, help: string, of: 'inUse' | 'waiting' | 'most') =>
        new Gauge({
          name,
          help,
          labelNames: ['database'],
          registers,
          collect() {
            for (const [name, database] of Object.entries(databases))
              if (database) this.labels(name).set(database.load()[of]);
          },
        });
      gauge('rollbook_db_pool_in_use', 'Connections to the database in use; of SQLite, the one that writes', 'inUse');
      gauge('rollbook_db_pool_waiting', 'Who waits for a connection to the database', 'waiting');
      gauge('rollbook_db_pool_size', 'How many connections to the database there may be', 'most');
    },
  };
}

const among = (known: readonly string[], value = ''): string => (known.includes(value) ? value : 'other');

/** The pattern that its path has; `other` for what no API has, as the files of the pages, and for what was never begun. */
function routeOf(request: IncomingMessage, api: Pick<Api, 'base'> | undefined): string {
  const { route } = request as Partial<Request>;
  return route ? patternOf(api?.base ?? '', route.path) : 'other';
}

/** Of one whose client went away before it was answered: `none`. */
const statusOf = ({ headersSent, statusCode }: ServerResponse): string => (headersSent ? String(statusCode) : 'none');
