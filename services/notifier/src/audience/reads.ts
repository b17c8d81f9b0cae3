import { friendsOf, listQuiet, membersAt, type Queryable } from '@sori/postgres';
import { LRUCache } from 'lru-cache';

/** What must be read to know who is meant. Rejects with DependencyUnavailable. */
export interface AudienceReads {
  /** A room's members as of a version, by user id. */
  membersAt(roomId: string, version: number): Promise<readonly string[]>;
  /** A person's friends as of now, by user id. */
  friendsOf(userId: string): Promise<readonly string[]>;
  /** Who wants no alert now: muted the room (if there is one), or blocked the sender. */
  quiet(senderId: string, roomId: string | null): Promise<ReadonlySet<string>>;
}

/** How many rooms, each at one version, are kept. */
const CACHED_ROOMS = 20_000;

/** How many members they may have together: about 40 MB of ids. */
const CACHED_MEMBERS = 500_000;

/**
 * Reads from Postgres. The members as of a version never change, so they are kept: a room whose
 * members stay costs one read. Who wants no alert is read for every message, so that muting a room
 * or blocking somebody works at once.
 */
export function postgresAudience(db: Queryable): AudienceReads {
  const rooms = new LRUCache<string, readonly string[]>({
    max: CACHED_ROOMS,
    maxSize: CACHED_MEMBERS,
    // A room without members takes a place as well.
    sizeCalculation: (members) => members.length + 1,
  });
  return {
    async membersAt(roomId, version) {
      const key = `${roomId}@${version}`;
      const known = rooms.get(key);
      if (known !== undefined) return known;
      const members = await membersAt(db, { roomId, version });
      // An unknown room may be one that another database already knows; it is asked for again.
      if (members.length > 0) rooms.set(key, members);
      return members;
    },
    friendsOf: (userId) => friendsOf(db, userId),
    quiet: async (senderId, roomId) => new Set(await listQuiet(db, { senderId, roomId })),
  };
}
