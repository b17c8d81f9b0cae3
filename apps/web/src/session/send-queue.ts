/** The most messages of one room that may wait for their acknowledgement. */
export const WAITING_PER_ROOM = 100;

export interface SendQueue {
  /** False where too many of the room wait already. */
  add(roomId: string, send: () => Promise<void>): boolean;
}

/**
 * Sends one message of a room after the other, so that none overtakes the one before it. `send`
 * handles its own failure: the next is sent whatever came of it.
 */
export function createSendQueue(): SendQueue {
  const rooms = new Map<string, { waiting: number; last: Promise<void> }>();
  return {
    add(roomId, send) {
      const room = rooms.get(roomId) ?? { waiting: 0, last: Promise.resolve() };
      if (room.waiting >= WAITING_PER_ROOM) return false;
      room.waiting += 1;
      room.last = room.last.then(send).finally(() => {
        room.waiting -= 1;
        if (room.waiting === 0) rooms.delete(roomId);
      });
      rooms.set(roomId, room);
      return true;
    },
  };
}
