import type { ChangeClass } from './change.ts';
import { UNLIMITED } from './topic-settings.ts';

export interface Risk {
  readonly class: ChangeClass;
  readonly reason: string;
}

const SAFE: Risk = { class: 'safe', reason: '' };

/** What changing a setting from one value to another means. Null is a value that is not known. */
export function settingRisk(setting: string, from: string | null, to: string | null): Risk {
  switch (setting) {
    case 'retention.ms':
      return shrinks(from, to)
        ? { class: 'loses-data', reason: 'records older than the new time are deleted' }
        : SAFE;
    case 'retention.bytes':
      return shrinks(from, to)
        ? { class: 'loses-data', reason: 'the oldest records beyond the new size are deleted' }
        : SAFE;
    case 'cleanup.policy':
      return cleanupRisk(policies(from), policies(to));
    case 'max.message.bytes':
      return shrinks(from, to)
        ? { class: 'safe', reason: 'larger batches will be refused; stored ones stay' }
        : SAFE;
    case 'min.insync.replicas':
      return shrinks(from, to)
        ? { class: 'safe', reason: 'acks=all will mean fewer copies' }
        : { class: 'safe', reason: 'writes will be refused while fewer replicas are in sync' };
    default:
      return SAFE;
  }
}

function cleanupRisk(from: ReadonlySet<string>, to: ReadonlySet<string>): Risk {
  const gained = [...to].filter((policy) => !from.has(policy));
  if (gained.includes('compact')) {
    return { class: 'loses-data', reason: 'all but the latest record of each key is deleted' };
  }
  if (gained.includes('delete')) {
    return { class: 'loses-data', reason: 'records beyond the retention are deleted' };
  }
  return SAFE;
}

function policies(value: string | null): ReadonlySet<string> {
  return new Set((value ?? '').split(',').map((policy) => policy.trim()));
}

/** Whether a limit gets lower; what is not known counts as higher than anything. */
function shrinks(from: string | null, to: string | null): boolean {
  return limit(to) < limit(from);
}

function limit(value: string | null): number {
  return value === null || value === UNLIMITED ? Number.POSITIVE_INFINITY : Number(value);
}
