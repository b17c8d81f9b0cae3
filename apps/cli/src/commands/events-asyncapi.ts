import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { asyncApiText } from '../events/asyncapi.ts';
import { output } from '../output.ts';

/** `sori events asyncapi`: the catalog for those who read and write it with other tools. */
export function addEventsAsyncApi(events: Command): void {
  events
    .command('asyncapi')
    .description('the catalog as an AsyncAPI 3 document: topics, events, groups, schemas')
    .option('--output <file>', 'write it to a file')
    .addHelpText(
      'after',
      `
Examples:
  sori events asyncapi > asyncapi.json
  sori events asyncapi --output docs/asyncapi.json`,
    )
    .action(async ({ output: path }: { readonly output?: string }) => {
      if (path === undefined) output.line(asyncApiText().trimEnd());
      else await writeFile(path, asyncApiText());
    });
}
