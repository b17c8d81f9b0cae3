import type { Catalog } from '@sori/contract';
import { LogError } from '@sori/stream';
import { pause } from '../deadline.ts';
import type { ChangeClass, TopicChange } from './change.ts';
import type { ClusterState } from './cluster-state.ts';
import { planTopics } from './plan-topics.ts';

/** The classes of change that are made only when somebody said so. */
export type Consent = Extract<ChangeClass, 'breaks-ordering' | 'loses-data'>;

export interface AppliedTopics {
  readonly applied: readonly TopicChange[];
  /** Changes that need a consent that was not given, or that cannot be made. */
  readonly withheld: readonly TopicChange[];
}

export interface ApplyOptions {
  readonly consents?: readonly Consent[];
  readonly signal?: AbortSignal;
  /** Between two looks at whether the cluster shows the changes, in milliseconds. */
  readonly pollMs?: number;
}

/** The part of an admin that this needs. */
export interface TopicAdmin {
  describeTopics(names: readonly string[]): Promise<ClusterState>;
  applyChanges(changes: readonly TopicChange[]): Promise<void>;
}

/** After an order, until every broker shows what the controller has done. */
const CONFIRM_DEADLINE_MS = 15_000;
const CONFIRM_POLL_MS = 200;

/**
 * Makes a cluster's topics as the catalog says, but for what needs a consent that is not given.
 * Applying again changes nothing, and so does somebody else who applies the same at the same time.
 * Resolves when the cluster shows the changes; rejects with LogError.
 */
export async function applyTopics(
  admin: TopicAdmin,
  catalog: Catalog,
  options: ApplyOptions = {},
): Promise<AppliedTopics> {
  const { consents = [], pollMs = CONFIRM_POLL_MS } = options;
  const signal = options.signal ?? new AbortController().signal;
  const isAllowed = (change: TopicChange): boolean =>
    change.class === 'safe' || consents.some((consent) => consent === change.class);
  const names = catalog.topics.map(({ name }) => name);
  const changes = async (): Promise<readonly TopicChange[]> =>
    planTopics(catalog, await admin.describeTopics(names)).changes;

  const planned = await changes();
  const applied = planned.filter(isAllowed);
  if (applied.length > 0) await admin.applyChanges(applied);
  const deadline = performance.now() + CONFIRM_DEADLINE_MS;
  for (let left = planned; ; await pause(pollMs, signal)) {
    signal.throwIfAborted();
    if (applied.length > 0) left = await changes();
    const pending = left.filter(isAllowed);
    if (pending.length === 0) return { applied, withheld: left };
    if (performance.now() > deadline) {
      const topics = [...new Set(pending.map(({ topic }) => topic))].join(', ');
      throw new LogError('timed-out', `the cluster does not show the changes of ${topics}`);
    }
  }
}
