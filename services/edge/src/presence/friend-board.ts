import { PRESENCE_EVENT, type PresenceFrameData } from '@sori/api';
import { describePresence, type PersonPresence } from '@sori/presence';
import type { Connection } from '../connection/connection.ts';
import type { FriendLists } from './friend-lists.ts';

export interface FriendBoardOptions {
  readonly lists: Pick<FriendLists, 'of' | 'followersOf'>;
  readonly presence: {
    readonly isCaughtUp: boolean;
    of(userId: string): PersonPresence;
  };
  readonly connectionsOf: (userId: string) => readonly Connection[];
}

/**
 * What people see of their friends. Changes gather, and go out once a round as one frame a person. A
 * connection that has not had its snapshot, or did not take a frame, gets one: all that is to be
 * known, instead of what changed.
 */
export class FriendBoard {
  readonly #options: FriendBoardOptions;
  /** For each person connected here, the friends who changed since the last round. */
  readonly #changed = new Map<string, Set<string>>();
  readonly #awaiting = new Set<Connection>();

  constructor(options: FriendBoardOptions) {
    this.#options = options;
  }

  came(connection: Connection): void {
    this.#awaiting.add(connection);
    this.#show(connection, this.#snapshot(connection.userId));
  }

  left(connection: Connection): void {
    this.#awaiting.delete(connection);
  }

  /** A person's list of friends is new: all their connections start anew. */
  listed(userId: string): void {
    this.#changed.delete(userId);
    const snapshot = this.#snapshot(userId);
    for (const connection of this.#options.connectionsOf(userId)) {
      this.#awaiting.add(connection);
      this.#show(connection, snapshot);
    }
  }

  changed(userId: string): void {
    for (const follower of this.#options.lists.followersOf(userId)) {
      const changed = this.#changed.get(follower);
      if (changed === undefined) this.#changed.set(follower, new Set([userId]));
      else changed.add(userId);
    }
  }

  /** Tells what gathered. Called every second or so. */
  round(): void {
    const { presence, connectionsOf } = this.#options;
    for (const [userId, changed] of this.#changed) {
      const people = Array.from(changed, (friend) => describePresence(friend, presence.of(friend)));
      const frame = presenceFrame({ people });
      for (const connection of connectionsOf(userId)) {
        if (this.#awaiting.has(connection)) continue;
        if (!connection.pushEphemeral(frame)) this.#awaiting.add(connection);
      }
    }
    this.#changed.clear();
    for (const connection of this.#awaiting) {
      if (connection.takesEphemeral) this.#show(connection, this.#snapshot(connection.userId));
    }
  }

  #show(connection: Connection, snapshot: Buffer | undefined): void {
    if (snapshot !== undefined && connection.pushEphemeral(snapshot)) {
      this.#awaiting.delete(connection);
    }
  }

  /** Undefined where it is not known now. */
  #snapshot(userId: string): Buffer | undefined {
    const { lists, presence } = this.#options;
    const friends = lists.of(userId);
    if (friends === undefined || !presence.isCaughtUp) return undefined;
    const people = friends
      .map((friend) => describePresence(friend, presence.of(friend)))
      .filter(({ state }) => state !== 'offline');
    return presenceFrame({ people, snapshot: true });
  }
}

function presenceFrame(data: PresenceFrameData): Buffer {
  return Buffer.from(`event: ${PRESENCE_EVENT}\ndata: ${JSON.stringify(data)}\n\n`);
}
