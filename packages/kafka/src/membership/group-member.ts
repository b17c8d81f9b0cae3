import {
  type GroupMember,
  LogError,
  type Logger,
  type MemberOptions,
  type TopicPartitionOffset,
} from '@sori/stream';
import type { ClusterView } from '../cluster-view.ts';
import { type KafkaOptions, RETRY_DELAY_MS, rotate } from '../connection.ts';
import { pause, within } from '../deadline.ts';
import { toLogError } from '../errors.ts';
import { GroupClient, groupTimes } from './group-client.ts';
import { GroupRequests } from './group-requests.ts';
import { canHeal, JoinOutage } from './join-outage.ts';
import type { PartitionCounts } from './member-data.ts';
import { fenced, Standing } from './standing.ts';
import { SubscribedTopics } from './subscribed-topics.ts';

/** How long leaving, or the last word of a client that is given up, may take. */
const LEAVE_TIMEOUT_MS = 3_000;

/** How often the topics are looked at for new partitions. */
const PARTITIONS_CHECK_MS = 5_000;

/**
 * A member of a group on Kafka: keeps one GroupClient joined for as long as it lives, and makes
 * another when that one is done for.
 */
export class KafkaGroupMember implements GroupMember {
  readonly #kafka: KafkaOptions;
  readonly #options: MemberOptions;
  readonly #logger: Logger;
  readonly #requests: GroupRequests;
  readonly #topics: SubscribedTopics;
  readonly #standing: Standing;
  readonly #outage: JoinOutage;
  readonly #onDispose: () => void;
  readonly #stopped = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  #client: GroupClient | undefined;
  #clientsMade = 0;
  #started = false;
  #assignedOnce = false;
  #leaving: Promise<void> | undefined;

  constructor(
    kafka: KafkaOptions,
    view: ClusterView,
    options: MemberOptions,
    onDispose: () => void,
  ) {
    this.#kafka = kafka;
    this.#options = options;
    this.#logger = kafka.logger.child({ group: options.group, member: options.memberName });
    this.#requests = new GroupRequests(kafka, options.group);
    this.#topics = new SubscribedTopics(view, options.topics, this.#logger);
    this.#outage = new JoinOutage(this.#logger);
    this.#onDispose = onDispose;
    this.#standing = new Standing({
      requests: this.#requests,
      listener: options.listener,
      sessionTimeoutMs: options.sessionTimeoutMs,
      times: groupTimes(options.sessionTimeoutMs),
      stopped: this.#stopped.signal,
      onAssigned: () => {
        this.#assignedOnce = true;
        this.#first.resolve();
      },
      onUnreadable: (error) => this.#failed(error),
    });
    // Nobody may be waiting for the first assignment when the member leaves.
    this.#first.promise.catch(() => {});
  }

  get lastHeartbeatAt(): number {
    return this.#standing.lastHeartbeatAt;
  }

  /** Rejects when the signal aborts, or for what trying again cannot heal; then it can only be left. */
  async join(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#started) throw new LogError('rejected', 'a member joins once');
    this.#started = true;
    const abort = (): void => this.#giveUp(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    void this.#connect();
    void this.#watchPartitions();
    try {
      await this.#first.promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    return this.#standing.commit(offsets);
  }

  leave(): Promise<void> {
    this.#leaving ??= this.#leaveNow();
    return this.#leaving;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever asked to leave was told; for others it is enough that the session runs out.
    await Promise.allSettled([this.leave()]);
  }

  /** Tries until a client has joined. Never rejects. */
  async #connect(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      let client: GroupClient | undefined;
      try {
        const topics = await this.#topics.existing();
        if (this.#stopped.signal.aborted) return;
        client = this.#makeClient(topics);
        this.#client = client;
        await client.join();
        return;
      } catch (error) {
        if (this.#stopped.signal.aborted) return;
        if (client !== undefined) await this.#abandon(client);
        this.#failed(error);
      }
      await pause(RETRY_DELAY_MS, this.#stopped.signal);
    }
  }

  #makeClient(topics: readonly string[]): GroupClient {
    const brokers = rotate(this.#kafka.brokers, this.#clientsMade++);
    const client: GroupClient = new GroupClient(
      { ...this.#kafka, brokers },
      { ...this.#options, topics },
      {
        joining: (partitions) => this.#beforeJoin(client, partitions),
        joined: (identity, partitions) => {
          if (client !== this.#client) return;
          this.#outage.over();
          this.#standing.joined(identity, partitions);
        },
        acknowledged: () => this.#standing.acknowledged(),
        failed: (error) => this.#replace(client, toLogError(error, 'staying in the group')),
      },
    );
    return client;
  }

  async #beforeJoin(client: GroupClient, partitions: PartitionCounts): Promise<void> {
    if (client !== this.#client || this.#stopped.signal.aborted) {
      throw fenced('the member does not join any more');
    }
    this.#topics.said(partitions);
    await this.#standing.beforeJoin(client.memberId);
  }

  /** The client is done for: everything goes, and another one is made. */
  #replace(client: GroupClient, cause: LogError): void {
    if (client !== this.#client || this.#stopped.signal.aborted) return;
    this.#client = undefined;
    this.#outage.failed(cause);
    this.#standing.lose(cause);
    void this.#abandon(client).then(() => this.#connect());
  }

  /** It is tried again, unless it was the first time and will never be better. */
  #failed(error: unknown): void {
    const failure = toLogError(error, 'joining the group');
    if (this.#assignedOnce || canHeal(error)) this.#outage.failed(failure);
    else this.#giveUp(failure);
  }

  #giveUp(reason: unknown): void {
    this.#stopped.abort();
    this.#first.reject(reason);
  }

  async #watchPartitions(): Promise<void> {
    for (;;) {
      await pause(PARTITIONS_CHECK_MS, this.#stopped.signal);
      if (this.#stopped.signal.aborted) return;
      const changed = await this.#topics.changed();
      if (changed === undefined || !this.#standing.isActive) continue;
      this.#logger.info({ partitions: Object.fromEntries(changed) }, 'partitions changed');
      this.#client?.rejoin(Array.from(changed.keys()));
    }
  }

  /** Tells the coordinator, as far as it can be reached, so that the group need not wait. */
  async #abandon(client: GroupClient): Promise<void> {
    if (this.#client === client) this.#client = undefined;
    await Promise.allSettled([this.#sayLeave(client), client.close()]);
  }

  async #sayLeave({ memberId }: GroupClient): Promise<void> {
    if (memberId === undefined) return;
    const never = new AbortController().signal;
    await within(this.#requests.leave(memberId), LEAVE_TIMEOUT_MS, never, 'leaving the group');
  }

  async #leaveNow(): Promise<void> {
    this.#giveUp(fenced('the member left before it had joined'));
    this.#standing.end();
    const client = this.#client;
    this.#client = undefined;
    try {
      if (client === undefined) return;
      const [said] = await Promise.allSettled([this.#sayLeave(client), client.close()]);
      if (said.status === 'rejected') throw said.reason;
    } finally {
      await this.#requests[Symbol.asyncDispose]();
      this.#onDispose();
    }
  }
}
