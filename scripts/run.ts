import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** One program of a check: shown by its name, run from the root. */
export interface Step {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly env?: NodeJS.ProcessEnv;
}

/** Programs of the project's own dependencies come first, its Node among them. */
const PATH = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);

/** Runs a step with our own input and outputs; resolves with whether it exited with 0. */
export function passes({ command: [program, ...args], env }: Step): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env, PATH },
    });
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
}

/** Prints a line of a run's own. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
