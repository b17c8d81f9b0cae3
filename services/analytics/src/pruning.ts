import {
  DAY,
  deleteLeases,
  deleteWindows,
  HOUR,
  KEPT_SECONDS,
  MINUTE,
  type Pool,
  type Queryable,
  ROOM_HOURS_KEPT_SECONDS,
  rollOnline,
  SECOND,
  transaction,
  tryPruning,
  type WindowTable,
  type WindowWidth,
  windowStart,
} from '@sori/postgres';
import {
  ACTIVE_USERS_KEPT_SECONDS,
  DELETED_MARGIN_SECONDS,
  ENDED_SESSIONS_KEPT_SECONDS,
  ONLINE_SECONDS_KEPT,
  PRUNED_ROWS,
} from './limits.ts';

interface Ending {
  readonly table: WindowTable;
  readonly width: WindowWidth;
  readonly keptSeconds: number;
}

/** All rows that end. What is not named stays for good. */
const ENDINGS: readonly Ending[] = [
  ...ends('analytics_events', SECOND, MINUTE),
  ...ends('analytics_latencies', SECOND, MINUTE),
  ...ends('analytics_dead_letters', SECOND, MINUTE),
  ...ends('analytics_room_messages', MINUTE),
  ...ends('analytics_active_counts', MINUTE),
  ...ends('analytics_online_peaks', MINUTE),
  { table: 'analytics_room_messages', width: HOUR, keptSeconds: ROOM_HOURS_KEPT_SECONDS },
  ...([MINUTE, HOUR, DAY] as const).map((width) => ({
    table: 'analytics_active_users' as const,
    width,
    keptSeconds: ACTIVE_USERS_KEPT_SECONDS[width],
  })),
];

function ends(table: WindowTable, ...widths: readonly WindowWidth[]): readonly Ending[] {
  return widths.map((width) => ({ table, width, keptSeconds: KEPT_SECONDS[width] }));
}

/** How many rows were deleted, by table; without those that none were deleted of. */
export type Pruned = ReadonlyMap<string, number>;

/**
 * Deletes what can not be read any more, in transactions of PRUNED_ROWS rows, and rolls up who was
 * online. One member does it at a time; the others find it being done, and do nothing.
 */
export async function pruneAnalytics(pool: Pool, nowMs: number): Promise<Pruned> {
  const now = nowMs / 1_000;
  const pruned = new Map<string, number>();
  for (const { table, width, keptSeconds } of ENDINGS) {
    const before = now - keptSeconds - DELETED_MARGIN_SECONDS;
    const windows = { width, before, limit: PRUNED_ROWS };
    await deleteAll(pool, pruned, table, (connection) => deleteWindows(connection, table, windows));
  }
  const leases = { before: now - ENDED_SESSIONS_KEPT_SECONDS, limit: PRUNED_ROWS };
  await deleteAll(pool, pruned, 'analytics_leases', (connection) =>
    deleteLeases(connection, leases),
  );
  const rolled = now - ONLINE_SECONDS_KEPT - DELETED_MARGIN_SECONDS;
  await transaction(pool, async (connection) => {
    if (await tryPruning(connection)) await rollOnline(connection, windowStart(rolled, MINUTE));
  });
  return pruned;
}

async function deleteAll(
  pool: Pool,
  pruned: Map<string, number>,
  table: string,
  deleteSome: (connection: Queryable) => Promise<number>,
): Promise<void> {
  for (let deleted = PRUNED_ROWS; deleted === PRUNED_ROWS; ) {
    deleted = await transaction(pool, async (connection) =>
      (await tryPruning(connection)) ? await deleteSome(connection) : 0,
    );
    if (deleted > 0) pruned.set(table, (pruned.get(table) ?? 0) + deleted);
  }
}
