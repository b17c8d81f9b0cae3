import type { Logger } from '../ports/logger.ts';
import type { GroupMember } from '../ports/membership.ts';
import type { GroupSession } from './group-session.ts';

/**
 * Joins, stays until `signal` is aborted, then drains and leaves, so that others take over at once.
 * Rejects when joining fails for another reason.
 */
export async function runMember(given: {
  readonly member: GroupMember;
  readonly session: GroupSession;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}): Promise<void> {
  const { member, session, signal, logger } = given;
  try {
    await stayUntilAborted(member, signal);
  } finally {
    await session.stop();
    await member.leave().catch((cause: unknown) => {
      logger.warn({ err: cause }, 'leaving the group failed; it waits for the session to end');
    });
  }
}

async function stayUntilAborted(member: GroupMember, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const onAbort = (): void => aborted.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([member.join(signal), aborted.promise]);
    await aborted.promise;
  } catch (cause) {
    if (!signal.aborted) throw cause;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
