import type { FriendsAndPeople } from '@sori/api';
import { findPeople, listBlocked, listFriendships, type Queryable } from '@sori/postgres';

/** A person's friends, requests and blocks, with everybody who is named in them. */
export async function friendsAndPeople(db: Queryable, userId: string): Promise<FriendsAndPeople> {
  const [friendships, blocked] = await Promise.all([
    listFriendships(db, userId),
    listBlocked(db, userId),
  ]);
  const requests = friendships.filter(({ state }) => state === 'requested');
  const friends = {
    friends: idsOf(friendships.filter(({ state }) => state === 'friends')),
    incoming: idsOf(requests.filter(({ requesterId }) => requesterId !== userId)),
    outgoing: idsOf(requests.filter(({ requesterId }) => requesterId === userId)),
    blocked: [...blocked],
  };
  const people = await findPeople(db, [...idsOf(friendships), ...blocked]);
  return { friends, people: [...people] };
}

function idsOf(friendships: readonly { readonly userId: string }[]): string[] {
  return friendships.map(({ userId }) => userId);
}
