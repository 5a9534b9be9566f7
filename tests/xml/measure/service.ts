import { readConfig } from '../../../src/service/config';
import { serve } from '../../../src/service/server';
import { answerJobs } from '../../bench/processes/worker';

/** What the process has used since it began: CPU of all its threads in ms, the largest resident set in MB. */
export interface Usage {
  readonly cpu: number;
  readonly peak: number;
}

export type Job = { readonly env: NodeJS.ProcessEnv } | 'usage';

/** The service in a process of its own that knows what it has used. */
answerJobs<Job, string | Usage>(async (job) => {
  if (job !== 'usage') return serve(readConfig(job.env));
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1_000, peak: (process.resourceUsage().maxRSS * 1_024) / 1e6 };
});
