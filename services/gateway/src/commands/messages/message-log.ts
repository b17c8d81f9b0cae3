import type { Queryable } from '@sori/postgres';
import type { PublishAttributes, Publisher } from '@sori/stream';

/** What messages need: a look at the members, and the log, which alone stores them. */
export interface MessageLog {
  readonly db: Queryable;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Of the request: trace and correlation. */
  readonly attributes: PublishAttributes;
}
