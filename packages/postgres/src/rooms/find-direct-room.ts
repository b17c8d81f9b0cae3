import type { Queryable, Statement } from '../connection/queryable.ts';

const FIND: Statement = {
  name: 'rooms-find-direct',
  text: 'SELECT id FROM rooms WHERE direct_pair = $1',
};

/** The id of two people's direct room; `directPair` is `pairId` of @sori/chat-events. */
export async function findDirectRoom(
  db: Queryable,
  directPair: string,
): Promise<string | undefined> {
  const { rows } = await db.query<{ readonly id: string }>(FIND, [directPair]);
  return rows[0]?.id;
}
