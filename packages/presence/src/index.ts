export { type DescribedPresence, describePresence } from './described-presence.ts';
export {
  type FollowPresenceOptions,
  followPresence,
  type PresenceFollower,
} from './follow-presence.ts';
export { GRACE_MS, HEARTBEAT_MS, LEASE_MS } from './limits.ts';
export {
  type PersonPresence,
  Presence,
  type PresenceOptions,
  type PresenceState,
  type PresenceTransition,
} from './presence.ts';
