/** What one person's screen was given, in the order it came. */
export interface Screen {
  readonly person: string;
  readonly roomId: string;
  readonly messageIds: readonly string[];
}

/** What is wrong with what was seen; empty lists when nothing is. */
export interface Verdict {
  /** Acknowledged and not on a screen of the room. */
  readonly lost: readonly string[];
  /** On one screen more than once. */
  readonly duplicated: readonly string[];
  /** On a screen after one that follows it in the room. */
  readonly reordered: readonly string[];
  /** On a screen, and not in the log. */
  readonly fromNowhere: readonly string[];
}

/**
 * Holds what screens showed against what was acknowledged and what the log has.
 *
 * @param acknowledged by room: ids of messages whose sender got a 201
 * @param log by room: message ids in the order of the log, copies of a second try included
 */
export function judge(
  acknowledged: ReadonlyMap<string, ReadonlySet<string>>,
  log: ReadonlyMap<string, readonly string[]>,
  screens: readonly Screen[],
): Verdict {
  const lost: string[] = [];
  const duplicated: string[] = [];
  const reordered: string[] = [];
  const fromNowhere: string[] = [];
  for (const { person, roomId, messageIds } of screens) {
    const say = (messageId: string): string => `${messageId} (${person} in ${roomId})`;
    const place = placesIn(log.get(roomId) ?? []);
    const seen = new Set<string>();
    let furthest = -1;
    for (const messageId of messageIds) {
      const at = place.get(messageId);
      if (at === undefined) fromNowhere.push(say(messageId));
      if (seen.has(messageId)) duplicated.push(say(messageId));
      else if (at !== undefined && at < furthest) reordered.push(say(messageId));
      seen.add(messageId);
      furthest = Math.max(furthest, at ?? -1);
    }
    for (const messageId of acknowledged.get(roomId) ?? []) {
      if (!seen.has(messageId)) lost.push(say(messageId));
    }
  }
  return { lost, duplicated, reordered, fromNowhere };
}

/** Where each message stands first: a copy of a second try changes nothing. */
function placesIn(messageIds: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  messageIds.forEach((messageId, index) => {
    if (!places.has(messageId)) places.set(messageId, index);
  });
  return places;
}
