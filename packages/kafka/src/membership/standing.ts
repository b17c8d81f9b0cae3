import {
  LogError,
  type MemberListener,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@sori/stream';
import { RETRY_DELAY_MS } from '../connection.ts';
import { pause, within } from '../deadline.ts';
import { toLogError } from '../errors.ts';
import type { GroupTimes } from './group-client.ts';
import type { GroupRequests, MemberIdentity } from './group-requests.ts';

/** Tries of a commit while the coordinator moves. */
const COMMIT_ATTEMPTS = 3;

/**
 * What a member is to its group:
 * - `outside`: it holds nothing and speaks for nobody
 * - `joined`: of the new generation, its committed offsets not read yet
 * - `active`: its listener has the assignment
 * - `revoking`: its listener lets go of the assignment; the request to join waits for that
 */
type State =
  | { readonly kind: 'outside' }
  | { readonly kind: 'joined' | 'active' | 'revoking'; readonly identity: MemberIdentity };

const OUTSIDE: State = { kind: 'outside' };

export interface StandingOptions {
  readonly requests: GroupRequests;
  readonly listener: MemberListener;
  readonly sessionTimeoutMs: number;
  readonly times: GroupTimes;
  /** The member leaves, or gives up. */
  readonly stopped: AbortSignal;
  /** The listener was given an assignment. */
  readonly onAssigned: () => void;
  /** Committed offsets cannot be read now; it is tried again while this is still the generation. */
  readonly onUnreadable: (error: unknown) => void;
}

/** Follows a member from generation to generation, and keeps the promises made to its listener. */
export class Standing {
  readonly #given: StandingOptions;
  #state: State = OUTSIDE;
  /** Of the last assignment that the listener was given and has not lost since. */
  #held: MemberIdentity | undefined;
  #lastHeartbeatAt = 0;

  constructor(given: StandingOptions) {
    this.#given = given;
  }

  get lastHeartbeatAt(): number {
    return this.#lastHeartbeatAt;
  }

  get isActive(): boolean {
    return this.#state.kind === 'active';
  }

  /** The coordinator knows the member now. */
  acknowledged(): void {
    this.#lastHeartbeatAt = Date.now();
  }

  /** Before a request to join, made as `memberId`: the listener lets go of what it has. */
  async beforeJoin(memberId: string | undefined): Promise<void> {
    const state = this.#state;
    if (state.kind === 'active') {
      if (memberId === state.identity.memberId) await this.#revoke(state.identity);
      else this.lose(fenced('the group does not know the member any more'));
    }
    this.#state = OUTSIDE;
  }

  joined(identity: MemberIdentity, partitions: readonly TopicPartition[]): void {
    this.acknowledged();
    const joined: State = { kind: 'joined', identity };
    this.#state = joined;
    void this.#deliver(joined, identity, partitions);
  }

  /** Everything goes at once, because of `cause`. */
  lose(cause: Error): void {
    this.#state = OUTSIDE;
    if (this.#held === undefined) return;
    this.#held = undefined;
    this.#given.listener.lost(cause);
  }

  /** The member leaves: its listener hears nothing more. */
  end(): void {
    this.#state = OUTSIDE;
    this.#held = undefined;
  }

  /** Commits in the name of the generation that it has when called, or rejects as GroupMember says. */
  async commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    const identity = this.#speaker();
    if (offsets.length === 0) return;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#given.requests.commit(identity, offsets);
        this.acknowledged();
        return;
      } catch (error) {
        const retryable = error instanceof LogError && error.retryable;
        if (!retryable || attempt === COMMIT_ATTEMPTS) throw error;
      }
      await pause(RETRY_DELAY_MS, this.#given.stopped);
      if (this.#speaker() !== identity) throw fenced('the group has changed meanwhile');
    }
  }

  /** Whom a commit may speak for. Throws LogError `fenced`. */
  #speaker(): MemberIdentity {
    const state = this.#state;
    if (state.kind !== 'active' && state.kind !== 'revoking') {
      throw fenced('the member is between generations, or left');
    }
    if (Date.now() - this.#lastHeartbeatAt > this.#given.sessionTimeoutMs / 2) {
      throw fenced('the group has not acknowledged the member for half a session');
    }
    return state.identity;
  }

  async #revoke(identity: MemberIdentity): Promise<void> {
    const { listener, stopped, times } = this.#given;
    this.#state = { kind: 'revoking', identity };
    const settled = new AbortController();
    void this.#beat(identity, settled.signal);
    try {
      const letGo = listener.revoking();
      await within(letGo, times.rebalanceTimeoutMs, stopped, 'letting go of partitions');
    } finally {
      settled.abort();
    }
  }

  /**
   * Heartbeats while the listener lets go: the client sends none from then on, and without them the
   * session could end before the last commit.
   */
  async #beat(identity: MemberIdentity, until: AbortSignal): Promise<void> {
    for (;;) {
      await pause(this.#given.times.heartbeatIntervalMs, until);
      if (until.aborted) return;
      try {
        await this.#given.requests.heartbeat(identity);
        this.acknowledged();
      } catch (error) {
        // One that only went unanswered is sent again; the coordinator's no is final.
        const refused = error instanceof LogError && error.reason === 'fenced';
        if (until.aborted || !refused) continue;
        this.lose(error);
        return;
      }
    }
  }

  /** Gives the listener its assignment once the committed offsets are known. */
  async #deliver(
    joined: State,
    identity: MemberIdentity,
    partitions: readonly TopicPartition[],
  ): Promise<void> {
    const committed = await this.#committed(joined, partitions);
    if (committed === undefined || this.#state !== joined) return;
    const held = this.#held;
    this.#held = identity;
    this.#state = { kind: 'active', identity };
    this.#given.listener.assigned({
      generation: identity.generation,
      partitions: committed,
      continuous: held !== undefined && follows(held, identity),
    });
    this.#given.onAssigned();
  }

  /** Undefined when the generation is over before they could be read. */
  async #committed(joined: State, partitions: readonly TopicPartition[]) {
    while (this.#state === joined) {
      try {
        return partitions.length === 0 ? [] : await this.#given.requests.committed(partitions);
      } catch (error) {
        if (this.#state !== joined) return undefined;
        this.#given.onUnreadable(toLogError(error, 'reading committed offsets'));
      }
      await pause(RETRY_DELAY_MS, this.#given.stopped);
    }
    return undefined;
  }
}

/** Whether nobody else can have owned the member's partitions between the two. */
function follows(before: MemberIdentity, now: MemberIdentity): boolean {
  const generations = now.generation - before.generation;
  return before.memberId === now.memberId && (generations === 0 || generations === 1);
}

export function fenced(problem: string): LogError {
  return new LogError('fenced', problem);
}
