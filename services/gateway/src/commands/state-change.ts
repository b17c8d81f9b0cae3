import type { EventDraft } from '@sori/contract';
import {
  appendToOutbox,
  type OutboxAttributes,
  type Pool,
  type Queryable,
  transaction,
} from '@sori/postgres';

/** Says that something happened: the events are published if and only if the change commits. */
export type Tell = (...events: readonly EventDraft[]) => void;

/**
 * Runs a change of state in one transaction and puts what it told in the outbox: both are there
 * afterwards, or neither. What `work` throws undoes it. It may run more than once, after a deadlock.
 */
export type ChangeState = <T>(work: (db: Queryable, tell: Tell) => Promise<T>) => Promise<T>;

/** Makes the changes of one request; `attributes` go to all its events. */
export function changesOf(
  pool: Pool,
  attributes: OutboxAttributes,
  onCommitted: () => void,
): ChangeState {
  return async (work) => {
    let told = 0;
    const result = await transaction(pool, async (db) => {
      const events: EventDraft[] = [];
      const worked = await work(db, (...drafts) => {
        events.push(...drafts);
      });
      // Last, because from here to the commit others with events of the same keys wait.
      await appendToOutbox(db, events, attributes);
      told = events.length;
      return worked;
    });
    if (told > 0) onCommitted();
    return result;
  };
}
