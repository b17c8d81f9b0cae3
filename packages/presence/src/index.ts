export {
  type PersonPresence,
  Presence,
  type PresenceOptions,
  type PresenceState,
  type PresenceTransition,
} from './presence.ts';
