/**
 * No script reads it, and no other site's form carries it. `secure: 'auto'` leaves it out of plain
 * HTTP only where it was set there, as on a developer's machine.
 */
export const SESSION_COOKIE_OPTIONS = Object.freeze({
  path: '/',
  httpOnly: true,
  sameSite: 'lax',
  secure: 'auto',
} as const);
