import type { MemberRole } from '@sori/chat-events';

const RANKS: Readonly<Record<MemberRole, number>> = Object.freeze({
  member: 1,
  moderator: 2,
  owner: 3,
});

/** Owners and moderators keep a room in order. */
export function isModerator(role: MemberRole): boolean {
  return RANKS[role] >= RANKS.moderator;
}

/** Owners remove anybody, moderators those who are neither. */
export function mayRemove(actor: MemberRole, target: MemberRole): boolean {
  return actor === 'owner' || (isModerator(actor) && RANKS[target] < RANKS[actor]);
}

/** The same for roles; nobody gives a role above their own, and anybody may give their own up. */
export function mayChangeRole(
  actor: MemberRole,
  change: { readonly from: MemberRole; readonly to: MemberRole; readonly oneself: boolean },
): boolean {
  if (RANKS[change.to] > RANKS[actor]) return false;
  return change.oneself || mayRemove(actor, change.from);
}
