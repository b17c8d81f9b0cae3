import { Admin } from '@platformatic/kafka';
import { clientOptions, closeClient, type KafkaOptions, RETRY_DELAY_MS } from '../connection.ts';
import { retryWithin } from '../deadline.ts';
import { toLogError } from '../errors.ts';

/** How long a question or an order is tried before it is `unavailable`. */
const ANSWER_DEADLINE_MS = 10_000;

/** One request; a hung broker is left for the next one after this. */
const REQUEST_TIMEOUT_MS = 5_000;

/** Tries inside the client, which go round the bootstrap brokers. */
const CLIENT_RETRIES = 3;

/** The client's Admin, with deadlines and our errors. */
export interface AdminClient extends AsyncDisposable {
  /**
   * Calls the client until it answers, for ANSWER_DEADLINE_MS. Rejects with LogError; `what` says
   * what was tried, constant text.
   */
  ask<T>(what: string, call: (client: Admin) => Promise<T>): Promise<T>;
}

export function createAdminClient(options: KafkaOptions): AdminClient {
  const client = new Admin({
    ...clientOptions(options),
    requestTimeout: REQUEST_TIMEOUT_MS,
    retries: CLIENT_RETRIES,
    retryDelay: RETRY_DELAY_MS,
  });
  const closing = new AbortController();
  return {
    ask(what, call) {
      const attempt = async () => {
        try {
          return await call(client);
        } catch (error) {
          throw toLogError(error, what);
        }
      };
      return retryWithin(attempt, ANSWER_DEADLINE_MS, closing.signal, what);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      // Unlike a Consumer's, its close takes no `force`: it would take that for a callback.
      const closable = { connections: client.connections, close: () => client.close() };
      await closeClient(closable, options.logger);
    },
  };
}
