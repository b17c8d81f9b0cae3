/** Everyone of a room, as of a version of its members. */
export interface RoomAudience {
  readonly kind: 'room';
  readonly roomId: string;
  readonly version: number;
  /** Whose doing it is: never alerted. */
  readonly actorId: string;
  /** People who get it although they are not, or no longer, members. */
  readonly also: readonly string[];
  /** Who may be alerted, unless they want no alerts. */
  readonly alerts: 'everyone' | readonly string[];
}

/** One person, on all their devices. */
export interface PersonAudience {
  readonly kind: 'person';
  readonly userId: string;
  readonly actorId: string;
  readonly alert: boolean;
}

/** A person and their friends, as of now. Nobody is alerted. */
interface FriendsAudience {
  readonly kind: 'friends';
  readonly userId: string;
}

/** Whom an event concerns. It depends on nothing but the event. */
export type Audience = RoomAudience | PersonAudience | FriendsAudience;

/** Who gets a notification, and which of them without an alert. Both by user id. */
export interface Delivery {
  readonly target: 'room' | 'user';
  /** The room, else the person: the key that keeps its notifications in order. */
  readonly targetId: string;
  readonly recipients: readonly string[];
  readonly silent: readonly string[];
}

/** Whether anybody of the audience could be alerted: only then does it matter who wants none. */
export function mayAlert(audience: Audience): boolean {
  switch (audience.kind) {
    case 'room':
      return audience.alerts === 'everyone' || audience.alerts.length > 0;
    case 'person':
      return audience.alert;
    case 'friends':
      return false;
  }
}

/**
 * Makes the delivery of an audience. `found` are the members of the room, or the friends; `quiet`
 * are those who muted the room or blocked the actor.
 */
export function deliveryOf(
  audience: Audience,
  found: readonly string[],
  quiet: ReadonlySet<string>,
): Delivery {
  const isSilent = silence(audience, quiet);
  const recipients = recipientsOf(audience, found);
  const silent = recipients.filter(isSilent);
  return audience.kind === 'room'
    ? { target: 'room', targetId: audience.roomId, recipients, silent }
    : { target: 'user', targetId: audience.userId, recipients, silent };
}

function recipientsOf(audience: Audience, found: readonly string[]): readonly string[] {
  switch (audience.kind) {
    case 'room':
      return audience.also.every((id) => found.includes(id)) ? found : merged(found, audience.also);
    case 'person':
      return [audience.userId];
    case 'friends':
      return merged(found, [audience.userId]);
  }
}

function silence(audience: Audience, quiet: ReadonlySet<string>): (userId: string) => boolean {
  if (!mayAlert(audience) || audience.kind === 'friends') return () => true;
  const { actorId } = audience;
  const alerts =
    audience.kind === 'person' || audience.alerts === 'everyone'
      ? undefined
      : new Set(audience.alerts);
  return (userId) =>
    userId === actorId || quiet.has(userId) || (alerts !== undefined && !alerts.has(userId));
}

/** In one fixed order, so that a second try splits the audience in the same way. */
function merged(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])].sort();
}
