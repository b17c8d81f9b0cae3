/** How a command ends. */
export const EXIT = {
  ok: 0,
  error: 1,
  usage: 2,
  /** There is something to do: `topics plan` found changes. */
  changes: 3,
  /** Ctrl-C: 128 and the number of SIGINT. */
  interrupted: 130,
} as const;

/** A command that can't do what was asked; `message` says why and what to do next. */
export class CommandError extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly retryable = false;
  override readonly name = 'CommandError';

  constructor(
    code: string,
    message: string,
    options: ErrorOptions & { readonly exitCode?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.error;
  }
}

/**
 * An error in a sentence or a few lines. Ours and the operating system's say what is wrong; any other
 * is a mistake of this program, and is called one.
 */
export function explain(error: Error): string {
  const isOurs = 'code' in error && 'retryable' in error;
  const isTheSystems = 'syscall' in error;
  if (isOurs || isTheSystems) return error.message;
  return `${error.name}: ${error.message}\nThat should not happen. SORI_DEBUG=1 shows where it did.`;
}
