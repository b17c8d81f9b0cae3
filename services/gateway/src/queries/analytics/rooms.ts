import type { AnalyticsRooms } from '@sori/api';
import { listTopRooms, type Queryable } from '@sori/postgres';
import { rangeOf, type Stretch } from './stretch.ts';

/** Where the most messages were sent. Rooms by their ids: what they are called is their members' own. */
export async function analyticsRooms(
  db: Queryable,
  stretch: Stretch,
  limit: number,
): Promise<AnalyticsRooms> {
  return { ...rangeOf(stretch), rooms: [...(await listTopRooms(db, stretch, limit))] };
}
