import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@sori/contract';

/** Where reading starts, in every partition. */
export type StartAt =
  | 'earliest'
  | 'latest'
  | { readonly timestamp: number }
  | { readonly offset: number };

const AGO = /^(\d+)(s|m|h|d)$/;
const UNIT_MS = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;
const DATE = /^\d{4}-\d\d-\d\d/;

/**
 * Reads `earliest`, `latest`, an offset (`120`), a time (`2026-01-27T09:30:00Z`, `2026-01-27`) or how
 * long ago (`90s`, `15m`, `2h`, `1d`). Undefined for anything else. `now` in milliseconds.
 */
export function parseStartAt(text: string, now: number): StartAt | undefined {
  if (text === 'earliest' || text === 'latest') return text;
  if (/^\d+$/.test(text)) {
    const offset = Number(text);
    return Number.isSafeInteger(offset) ? { offset } : undefined;
  }
  const ago = AGO.exec(text);
  if (ago !== null) {
    const unit = ago[2] as keyof typeof UNIT_MS;
    return { timestamp: now - Number(ago[1]) * UNIT_MS[unit] };
  }
  const timestamp = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(timestamp) ? undefined : { timestamp };
}
