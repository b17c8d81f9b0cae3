import { randomBytes } from 'node:crypto';
import { catalog, messageEvents } from '@sori/chat-events';
import { decodeEvent, type Event } from '@sori/contract';
import { createTokenSigner, type Identity } from '@sori/http';
import { createTestDatabase, silentLogger, type TestDatabase } from '@sori/postgres/testing';
import { createMemoryLog, type MemoryLog } from '@sori/stream/memory';
import { createMetrics } from '@sori/telemetry';
import { type Gateway, type GatewayOptions, startGateway } from '../start-gateway.ts';

/** How the gateways of tests know their tokens. */
export const TOKENS = {
  secret: 'a secret of tests, of no use to others',
  issuer: 'sori',
  audience: 'sori',
};

const FAR_FUTURE_SECONDS = 3_600;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed text; undefined for an empty one. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** Sends requests with one token. */
export interface Client {
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

export interface PersonClient extends Client {
  readonly id: string;
  readonly handle: string;
  readonly token: string;
}

export interface TestGateway extends AsyncDisposable, Pick<Gateway, 'url'> {
  readonly database: TestDatabase;
  readonly log: MemoryLog;
  readonly anybody: Client;
  /** Signs in with a handle that nobody has yet. */
  person(): Promise<PersonClient>;
  withToken(token: string): Client;
  tokenOf(identity: Partial<Identity>, lifetimeSeconds?: number): Promise<string>;
  service(topics: readonly string[]): Promise<Client>;
  /** What the outbox holds under a key, in its order. */
  told(key: string): Promise<readonly Told[]>;
  /** What the log has of a room, in its order. */
  logged(roomId: string): readonly Event[];
}

export interface Told {
  readonly topic: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every type
  readonly data: any;
  readonly headers: Readonly<Record<string, string>>;
}

/** Starts a gateway on a database of its own and a log in memory, in development mode. */
export async function startTestGateway(
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createTestDatabase());
  const topics = catalog.topics.map(({ name, partitions }) => [name, partitions] as const);
  const log = starting.use(createMemoryLog({ topics: Object.fromEntries(topics) }));
  const gateway = starting.use(
    await startGateway({
      host: '127.0.0.1',
      port: 0,
      pool: database.pool,
      log: log.writer(),
      reader: log.reader(),
      tokens: TOKENS,
      development: true,
      edgeUrl: 'http://127.0.0.1:8081',
      logger: silentLogger,
      metrics: createMetrics({ service: 'gateway' }),
      ...options,
    }),
  );
  const signer = createTokenSigner(TOKENS);
  const { url } = gateway;
  const anybody = clientOf(url, undefined);

  async function tokenOf(
    identity: Partial<Identity>,
    lifetimeSeconds = FAR_FUTURE_SECONDS,
  ): Promise<string> {
    const whole = { kind: 'user', subject: 'nobody', roles: [], topics: [], ...identity } as const;
    return (await signer.sign(whole, lifetimeSeconds)).token;
  }

  const running = starting.move();
  return {
    url,
    database,
    log,
    anybody,
    tokenOf,
    withToken: (token) => clientOf(url, token),
    async person() {
      const handle = newHandle();
      const { body } = await anybody.request('POST', '/v1/dev/sessions', { handle });
      return { ...clientOf(url, body.token), id: body.user.id, handle, token: body.token };
    },
    service: async (names) =>
      clientOf(url, await tokenOf({ kind: 'service', subject: 'billing', topics: names })),
    async told(key) {
      const { rows } = await database.pool.query<{
        readonly topic: string;
        readonly value: Buffer;
        readonly headers: readonly (readonly [string, string])[];
      }>('SELECT topic, value, headers FROM outbox WHERE key = $1 ORDER BY id', [key]);
      return rows.map(({ topic, value, headers: pairs }) => {
        const headers = Object.fromEntries(pairs);
        const type = String(headers['ce_type']);
        return { topic, type, data: JSON.parse(value.toString()), headers };
      });
    },
    logged: (roomId) =>
      log
        .records(messageEvents.name)
        .filter(({ key }) => key?.toString() === roomId)
        .map((record) => decodeEvent(record, catalog.findEvent)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export function newHandle(): string {
  return `p_${randomBytes(8).toString('hex')}`;
}

function clientOf(url: string, token: string | undefined): Client {
  return {
    async request(method, path, body, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? JSON.parse(text) : undefined,
      };
    },
  };
}
