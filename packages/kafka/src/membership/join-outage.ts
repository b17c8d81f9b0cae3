import { UserError } from '@platformatic/kafka';
import type { LogError, Logger } from '@sori/stream';
import { hasApiId, toLogError } from '../errors.ts';

/** Answers of a coordinator that it will give again, however often it is asked. */
const FINAL_ANSWERS: ReadonlySet<string> = new Set([
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'UNSUPPORTED_VERSION',
]);

/** Whether joining may succeed later without a change of what was asked. */
export function canHeal(error: unknown): boolean {
  const { reason } = toLogError(error, 'joining the group');
  if (reason === 'not-authorized' || hasApiId(error, FINAL_ANSWERS)) return false;
  // An option that the client refuses, as a group id with a space in it.
  const refusedByClient = error instanceof UserError && reason === 'rejected';
  return !refusedByClient;
}

/** Says an outage once, however often joining fails in it, and that it is over. */
export class JoinOutage {
  readonly #logger: Logger;
  #since: number | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  failed(cause: LogError): void {
    if (this.#since !== undefined) return;
    this.#since = Date.now();
    const fields = { reason: cause.reason, err: cause };
    this.#logger.warn(fields, 'not in the group; joining is tried again');
  }

  over(): void {
    if (this.#since === undefined) return;
    const outageMs = Date.now() - this.#since;
    this.#since = undefined;
    this.#logger.info({ outageMs }, 'in the group again');
  }
}
