import { LogError, StreamClosed } from '../errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { GroupMember, MemberOptions } from '../ports/membership.ts';
import type { TopicPartitionOffset } from '../ports/record.ts';
import type { MemoryGroup } from './group.ts';

/** Heartbeats in one session: as many lost ones as Kafka's defaults allow (45 s by 3 s), roughly. */
const HEARTBEATS_PER_SESSION = 10;

/** A member's own side: joins, beats, rejoins, and tells its listener. */
export class MemoryMember implements GroupMember {
  readonly #options: MemberOptions;
  readonly #group: MemoryGroup;
  readonly #clock: Clock;
  readonly #onLeave: () => void;
  readonly #firstAssignment = Promise.withResolvers<void>();
  readonly #left = Promise.withResolvers<void>();
  #id: string | undefined;
  /** The generation it holds; undefined between losing one and the next. */
  #generation: number | undefined;
  #lastHeld: { readonly id: string; readonly generation: number } | undefined;
  #heartbeat: Timer | undefined;
  #rebalance = Promise.withResolvers<void>();
  #reconnected = Promise.withResolvers<void>();
  #reachable = true;
  #started = false;
  #hasLeft = false;
  #lastHeartbeatAt = 0;

  constructor(options: MemberOptions, group: MemoryGroup, clock: Clock, onLeave: () => void) {
    this.#options = options;
    this.#group = group;
    this.#clock = clock;
    this.#onLeave = onLeave;
    // Whoever waits for it hears of a refusal; a member that was only made has no one waiting.
    this.#firstAssignment.promise.catch(() => {});
  }

  get lastHeartbeatAt(): number {
    return this.#lastHeartbeatAt;
  }

  async join(signal?: AbortSignal): Promise<void> {
    if (this.#started) throw new LogError('rejected', 'a member joins once');
    signal?.throwIfAborted();
    this.#started = true;
    this.#run().catch((error: unknown) => this.#firstAssignment.reject(error));
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#firstAssignment.promise, aborted.promise]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    const [id, generation] = [this.#id, this.#generation];
    if (id === undefined || generation === undefined) {
      throw new LogError('fenced', 'the member is not of the group now');
    }
    const silentMs = this.#clock.now() - this.#lastHeartbeatAt;
    if (silentMs > this.#options.sessionTimeoutMs / 2) {
      throw new LogError('fenced', 'the member is not sure that it still is of the group');
    }
    if (!this.#reachable) throw new LogError('unavailable', 'the group cannot be reached');
    await Promise.resolve();
    this.#group.commit(id, generation, offsets);
  }

  async leave(): Promise<void> {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#heartbeat?.cancel();
    this.#left.resolve();
    this.#generation = undefined;
    this.#firstAssignment.reject(new StreamClosed('the member has left'));
    // An unreachable group hears nothing of it: the session has to end.
    if (this.#id !== undefined && this.#reachable) this.#group.remove(this.#id);
    this.#onLeave();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  /** Cuts the member off from its group, or ends that. */
  setReachable(reachable: boolean): void {
    this.#reachable = reachable;
    if (!reachable) return;
    this.#reconnected.resolve();
    this.#reconnected = Promise.withResolvers();
    this.#beat();
  }

  /** Joins one generation after another. Rejects with what no other try can mend. */
  async #run(): Promise<void> {
    while (!this.#hasLeft) {
      if (!this.#reachable) {
        await Promise.race([this.#reconnected.promise, this.#left.promise]);
        continue;
      }
      await this.#joinGeneration();
      await Promise.race([this.#rebalance.promise, this.#left.promise]);
      // What it was told while it held nothing, or had lost it, needs no drain.
      if (this.#generation !== undefined) await this.#options.listener.revoking();
    }
  }

  async #joinGeneration(): Promise<void> {
    const { group: _group, listener, ...description } = this.#options;
    this.#rebalance = Promise.withResolvers();
    this.#id ??= this.#group.register({
      ...description,
      name: description.memberName,
      onChange: () => queueMicrotask(() => this.#beat()),
    });
    const id = this.#id;
    const joined = await this.#group.join(id).catch((error: unknown) => error as LogError);
    if (this.#hasLeft) return;
    if (joined instanceof Error) {
      this.#lose(joined);
      return;
    }
    const { generation, partitions } = joined;
    const before = this.#lastHeld;
    this.#generation = generation;
    this.#lastHeld = { id, generation };
    this.#lastHeartbeatAt = this.#clock.now();
    this.#scheduleBeat();
    listener.assigned({
      generation,
      continuous: before?.id === id && before.generation + 1 === generation,
      partitions: partitions.map((partition) => ({
        ...partition,
        committed: this.#group.committed(partition),
      })),
    });
    this.#firstAssignment.resolve();
    this.#beat();
  }

  #scheduleBeat(): void {
    this.#heartbeat?.cancel();
    const { sessionTimeoutMs } = this.#options;
    this.#heartbeat = this.#clock.setTimer(() => {
      this.#scheduleBeat();
      this.#beat();
    }, sessionTimeoutMs / HEARTBEATS_PER_SESSION);
  }

  #beat(): void {
    const id = this.#id;
    if (this.#hasLeft || id === undefined || this.#generation === undefined) return;
    const now = this.#clock.now();
    if (!this.#reachable) {
      if (now - this.#lastHeartbeatAt >= this.#options.sessionTimeoutMs) {
        this.#lose(new LogError('timed-out', 'the session is over without an answer'));
      }
      return;
    }
    const answer = this.#group.heartbeat(id);
    if (answer === 'unknown-member') {
      this.#lose(new LogError('fenced', `the group does not know the member ${id}`));
      return;
    }
    this.#lastHeartbeatAt = now;
    if (answer === 'rebalancing') this.#rebalance.resolve();
  }

  /** Whatever it held is another's by now; it joins again as somebody new. */
  #lose(cause: LogError): void {
    const held = this.#generation !== undefined;
    this.#heartbeat?.cancel();
    this.#id = undefined;
    this.#generation = undefined;
    if (held) this.#options.listener.lost(cause);
    this.#rebalance.resolve();
  }
}
