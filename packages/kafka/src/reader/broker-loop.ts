import { Consumer, FetchIsolationLevels } from '@platformatic/kafka';
import { LogError } from '@sori/stream';
import type { BrokerAddress } from '../cluster-view.ts';
import { clientOptions, closeClient, type KafkaOptions } from '../connection.ts';
import { pause } from '../deadline.ts';
import { hasApiId } from '../errors.ts';
import type { FetchResponse } from './decode-batches.ts';
import { FETCH_MAX_BYTES, type FetchPlan, toFetchTopics } from './fetch-plan.ts';

/** On top of the time a broker may hold a fetch: after this the broker is taken to hang. */
const FETCH_GRACE_MS = 4_500;

/** The broker forgot its fetch session, or the client's count of it is off: ask again in full. */
const SESSION_ERRORS: ReadonlySet<string> = new Set([
  'FETCH_SESSION_ID_NOT_FOUND',
  'INVALID_FETCH_SESSION_EPOCH',
  'FETCH_SESSION_TOPIC_ID_ERROR',
]);

/** What a loop asks of the subscription it belongs to, and tells it. */
export interface LoopOwner {
  plan(node: number, turn: number): FetchPlan;
  addressOf(node: number): BrokerAddress | undefined;
  answered(plan: FetchPlan, response: FetchResponse): void;
  failed(plan: FetchPlan, error: unknown): void;
  /** The broker leads no partition of the subscription any more; the loop has ended. */
  finished(node: number): void;
}

/**
 * Fetches from one broker, one request at a time, over a client that knows no other broker: whatever
 * happens to that broker stops nothing else.
 */
export class BrokerLoop {
  readonly #options: KafkaOptions;
  readonly #owner: LoopOwner;
  readonly #node: number;
  readonly #maxWaitMs: number;
  readonly #closed = new AbortController();
  readonly #closing = new Set<Promise<void>>();
  #client: Consumer | undefined;
  #sleeping = new AbortController();
  #sessionErrors = 0;

  constructor(options: KafkaOptions, owner: LoopOwner, node: number, maxWaitMs: number) {
    this.#options = options;
    this.#owner = owner;
    this.#node = node;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Ends when the broker leads nothing any more, or with `close`. */
  async run(): Promise<void> {
    for (let turn = 0; !this.#closed.signal.aborted; turn++) {
      const plan = this.#owner.plan(this.#node, turn);
      if (plan.led === 0) {
        this.#owner.finished(this.#node);
        break;
      }
      if (plan.fetches.length === 0) await this.#sleep(plan.waitMs);
      else await this.#fetch(plan);
    }
    this.#drop();
    await Promise.all(this.#closing);
  }

  /** Something changed: if the loop has nothing to fetch, it plans again. */
  wake(): void {
    this.#sleeping.abort();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.wake();
    this.#drop();
    await Promise.all(this.#closing);
  }

  async #sleep(ms: number): Promise<void> {
    this.#sleeping = new AbortController();
    await pause(ms, this.#sleeping.signal);
  }

  async #fetch(plan: FetchPlan): Promise<void> {
    let response: FetchResponse;
    try {
      response = await this.#request(plan);
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      const partial = responseIn(error);
      if (partial === undefined) {
        this.#onFailure(plan, error);
        return;
      }
      response = partial;
    }
    this.#sessionErrors = 0;
    if (!this.#closed.signal.aborted) this.#owner.answered(plan, response);
  }

  #request(plan: FetchPlan): Promise<FetchResponse> {
    this.#client ??= this.#connect();
    return this.#client.fetch({
      node: this.#node,
      topics: toFetchTopics(plan.fetches),
      maxWaitTime: Math.ceil(plan.waitMs),
      minBytes: 1,
      maxBytes: FETCH_MAX_BYTES,
      isolationLevel: FetchIsolationLevels.READ_COMMITTED,
    });
  }

  #onFailure(plan: FetchPlan, error: unknown): void {
    // The client does not count a session on when a response names a failed partition.
    if (hasApiId(error, SESSION_ERRORS) && this.#sessionErrors++ === 0) return;
    this.#drop();
    this.#owner.failed(plan, error);
  }

  #connect(): Consumer {
    const address = this.#owner.addressOf(this.#node);
    if (address === undefined) {
      throw new LogError('unavailable', `broker ${this.#node} is not in the cluster's metadata`);
    }
    return new Consumer({
      ...clientOptions(this.#options, [`${address.host}:${address.port}`]),
      groupId: `${this.#options.clientId}-reader`,
      requestTimeout: this.#maxWaitMs + FETCH_GRACE_MS,
      // The loop tries again itself: it takes what a failed response still brought, and plans anew.
      retries: 0,
    });
  }

  #drop(): void {
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    const closing = closeClient(client, this.#options.logger).finally(() => {
      this.#closing.delete(closing);
    });
    this.#closing.add(closing);
  }
}

/** The client rejects when one partition fails; the others' records are in the error. */
function responseIn(error: unknown): FetchResponse | undefined {
  if (!(error instanceof AggregateError) || !('response' in error)) return undefined;
  const { response } = error;
  return isFetchResponse(response) && response.errorCode === 0 ? response : undefined;
}

function isFetchResponse(response: unknown): response is FetchResponse {
  return typeof response === 'object' && response !== null && 'responses' in response;
}
