/** What is on the screen, as the address says it: `#/rooms/{id}`, `#/people`, else the list. */
export type Route =
  | { readonly name: 'list' }
  | { readonly name: 'people' }
  | { readonly name: 'room'; readonly roomId: string };

const ROOM = /^#\/rooms\/([A-Za-z0-9_-]{1,64})$/;

/** Anything else is the list: an address that somebody mistyped is no error. */
export function parseRoute(hash: string): Route {
  if (hash === '#/people') return { name: 'people' };
  const roomId = ROOM.exec(hash)?.[1];
  return roomId === undefined ? { name: 'list' } : { name: 'room', roomId };
}

export function roomHash(roomId: string): string {
  return `#/rooms/${roomId}`;
}

export const PEOPLE_HASH = '#/people';
export const LIST_HASH = '#/';
