import { v5, v7 } from 'uuid';

/** The namespace of Sori's deterministic event ids. */
const NAMESPACE = '6d1d4f0e-5c1b-5a58-9f3d-5b1f6b0a7c11';

/** A new event id, UUIDv7 (RFC 9562): ids of one process sort by time. */
export function newEventId(): string {
  return v7();
}

/**
 * The event id of the same thing done again: UUIDv5 (RFC 9562) of the parts. Parts are joined
 * with a separator that cannot occur in them, so ('ab','c') and ('a','bc') differ.
 */
export function derivedEventId(...parts: readonly string[]): string {
  return v5(parts.map((part) => encodeURIComponent(part)).join('/'), NAMESPACE);
}
