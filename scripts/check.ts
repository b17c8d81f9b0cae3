import { passes, type Step, say } from './run.ts';

/** What `npm run check` asks of the sources. Quiet where there is nothing to say. */
export const checks: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types of the page', command: ['tsc', '-p', 'apps/web/tsconfig.json', '--noEmit'] },
  { name: 'one-way imports', command: ['node', 'scripts/import-rules.ts'] },
  { name: 'nothing unused', command: ['knip', '--no-progress'] },
];

export async function check(): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const step of checks) {
    say(`▸ ${step.name}`);
    if (!(await passes(step))) failed.push(step.name);
  }
  return failed;
}

if (import.meta.main) {
  const failed = await check();
  if (failed.length > 0) {
    say(`failed: ${failed.join(', ')}`);
    process.exitCode = 1;
  }
}
