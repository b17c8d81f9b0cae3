import type { Command } from 'commander';
import { CommandError, EXIT } from '../errors.ts';
import { effectiveEnvironment } from '../system/connection.ts';
import { aborted, untilInterrupted } from '../system/lifetime.ts';
import { isServiceName, runService, serviceNames } from '../system/services.ts';

/** `sori run <service…>`: services in this process, until it is told to stop. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('run services in this process, until Ctrl-C')
    .argument('<service...>', `which: ${serviceNames.join(', ')}`)
    .addHelpText(
      'after',
      `
Settings come from the environment; what is not set there comes from the system that
\`sori up\` runs here, if one does.

Examples:
  sori run notifier                 one more notifier beside those of \`sori up\`
  sori run gateway relay            two services in one process
  KAFKA_BROKERS=a:9092 DATABASE_URL=postgres://… SORI_JWT_SECRET=… sori run edge`,
    )
    .action(async (names: readonly string[]) => {
      const services = names.map((name) => {
        if (isServiceName(name)) return name;
        throw new CommandError(
          'CLI_UNKNOWN_SERVICE',
          `There is no service "${name}"; there are ${serviceNames.join(', ')}.`,
          { exitCode: EXIT.usage },
        );
      });
      using interruption = untilInterrupted();
      const environment = await effectiveEnvironment(process.env);
      await using running = new AsyncDisposableStack();
      for (const service of services) running.use(await runService(service, environment));
      await aborted(interruption.signal);
    });
}
