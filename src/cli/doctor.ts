import { Command } from 'commander';
import { examine } from '../service/doctor/doctor';
import { print, withJson } from './context';

export const doctorCommand = withJson(new Command('doctor'))
  .description('say whether this machine, the settings, the key, the database and the proxy are as they should be')
  .addHelpText('after', '\nExit code: 0 all is well, or warnings only; 1 something has to be put right.')
  .action(async ({ json }: { json?: boolean }) => {
    const findings = await examine();
    print(
      { findings },
      json,
      findings.map(({ check, level, says, todo = '' }) =>
        `${level.padEnd(8)} ${check.padEnd(10)} ${says} ${todo}`.trimEnd(),
      ),
    );
    if (findings.some(({ level }) => level === 'error')) process.exitCode = 1;
  });
