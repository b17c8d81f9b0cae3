import type { ProjectionStore } from '@sori/stream';
import type { Pool } from '../connection/pool.ts';
import type { Queryable } from '../connection/queryable.ts';
import { transaction } from '../connection/transaction.ts';
import { movePosition } from './move-position.ts';
import { readPositions } from './read-positions.ts';

/** Rolls the transaction back; goes no further than `apply`. */
class PositionMoved extends Error {
  override readonly name = 'PositionMoved';
}

/**
 * The positions of one projection, beside its rows. The position is moved first: its row is locked
 * until the end, so two members with the same partition wait for each other, and the second finds it
 * moved before it has changed anything.
 */
export function createProjectionStore(pool: Pool, projection: string): ProjectionStore<Queryable> {
  return {
    positions: (partitions) => readPositions(pool, projection, partitions),
    async apply(batch, work) {
      try {
        await transaction(pool, async (connection) => {
          if (!(await movePosition(connection, projection, batch))) throw new PositionMoved();
          await work(connection);
        });
        return true;
      } catch (error) {
        if (error instanceof PositionMoved) return false;
        throw error;
      }
    },
  };
}
