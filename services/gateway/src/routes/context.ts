import type { Pool, RelayWaker } from '@sori/postgres';
import type { PresenceFollower } from '@sori/presence';
import type { Publisher } from '@sori/stream';
import type { FastifyRequest } from 'fastify';
import type { MessageLog } from '../commands/messages/message-log.ts';
import { type ChangeState, changesOf } from '../commands/state-change.ts';
import { originOf } from '../http/origin.ts';

/** What routes work on. */
export interface RouteContext {
  readonly pool: Pool;
  readonly publisher: Publisher;
  readonly presence: Pick<PresenceFollower, 'isCaughtUp' | 'of'>;
  readonly waker: RelayWaker;
}

/** The changes of state that a request makes. */
export function changeOf({ pool, waker }: RouteContext, request: FastifyRequest): ChangeState {
  return changesOf(pool, originOf(request), () => waker.wake());
}

/** The log, for the messages of a request. */
export function messageLogOf(
  { pool, publisher }: RouteContext,
  request: FastifyRequest,
): MessageLog {
  return { db: pool, publisher, attributes: originOf(request) };
}
