import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./member.ts', import.meta.url));

/** For tests only: a member in a process of its own. Disposing it kills it if it still runs. */
export class MemberProcess implements AsyncDisposable {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;

  constructor(name: string, where: { readonly databaseUrl: string; readonly prefix: string }) {
    this.name = name;
    const { databaseUrl, prefix } = where;
    this.#child = fork(PROGRAM, {
      // Not those of the test runner.
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, DATABASE_URL: databaseUrl, TEST_PREFIX: prefix, TEST_MEMBER: name },
    });
    this.#ready = Promise.race([once(this.#child, 'message'), once(this.#child, 'exit')]);
  }

  /** Resolves when the group has given it partitions. */
  async ready(): Promise<void> {
    await this.#ready;
    if (this.#child.exitCode !== null) throw new Error(`${this.name} has ended by itself`);
  }

  /** Not one more instruction of it runs. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Lets it drain. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Stands still, with whatever it is at, until `thaw`. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
