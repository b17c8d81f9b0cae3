import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DevelopmentSession, RoomAndPeople } from '@sori/api';
import { createHttpClient, followFeed, type HttpClient } from '@sori/client';

export interface SteadyLoad extends AsyncDisposable {
  /** Messages acknowledged so far. */
  readonly acknowledged: number;
  /** Milliseconds from a request to its 201, of each message. */
  readonly latencies: readonly number[];
  /** Messages acknowledged a second between two moments, as `performance.now()`. */
  rateBetween(from: number, to: number): number;
}

export interface SteadyLoadOptions {
  readonly gatewayUrl: string;
  readonly edgeUrl: string;
  readonly rooms: number;
  /** Messages a second, over all rooms. */
  readonly perSecond: number;
}

interface Writer {
  readonly http: HttpClient;
  readonly path: string;
}

/**
 * Sends messages at a constant rate, whether answers come or not, to rooms in which somebody watches.
 * A message that is refused fails the load: it is meant for a system that is well.
 */
export async function startSteadyLoad(options: SteadyLoadOptions): Promise<SteadyLoad> {
  const stop = new AbortController();
  const watching: Promise<void>[] = [];
  const writers: Writer[] = [];
  for (let room = 0; room < options.rooms; room++) {
    writers.push(await openRoom(options, room, watching, stop.signal));
  }
  const moments: number[] = [];
  const latencies: number[] = [];
  const sending = new Set<Promise<void>>();

  async function send({ http, path }: Writer): Promise<void> {
    const startedAt = performance.now();
    await http.request('POST', path, { clientMessageId: randomUUID(), text: 'a steady message' });
    const now = performance.now();
    moments.push(now);
    latencies.push(now - startedAt);
  }

  async function run(): Promise<void> {
    const startedAt = performance.now();
    for (let count = 0; !stop.signal.aborted; count++) {
      const dueAt = startedAt + (count * 1_000) / options.perSecond;
      const early = dueAt - performance.now();
      if (early > 1) await delay(early);
      const writer = writers[count % writers.length];
      if (writer === undefined) throw new Error('a load needs a room');
      const sent = send(writer).finally(() => sending.delete(sent));
      sending.add(sent);
      sent.catch(failed.reject);
    }
    await Promise.allSettled(sending);
  }
  const failed = Promise.withResolvers<never>();
  const running = Promise.race([run(), failed.promise]);
  running.catch(() => stop.abort());

  return {
    get acknowledged() {
      return moments.length;
    },
    latencies,
    rateBetween: (from, to) => {
      const count = moments.filter((moment) => moment > from && moment <= to).length;
      return count / ((to - from) / 1_000);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await Promise.all(watching);
    },
  };
}

/** A room of two people; the second watches, the first will write. */
async function openRoom(
  { gatewayUrl, edgeUrl }: SteadyLoadOptions,
  index: number,
  watching: Promise<void>[],
  signal: AbortSignal,
): Promise<Writer> {
  const signIn = (handle: string): Promise<DevelopmentSession> =>
    createHttpClient({ gatewayUrl }).request('POST', '/v1/dev/sessions', { handle });
  const name = `steady_${index}_${Date.now()}`;
  const [one, other] = await Promise.all([signIn(`${name}_a`), signIn(`${name}_b`)]);
  const http = createHttpClient({ gatewayUrl, token: one.token });
  const { room } = await http.request<RoomAndPeople>('POST', '/v1/rooms', {
    kind: 'group',
    name: `Steady ${index}`,
    memberIds: [other.user.id],
  });
  const open = Promise.withResolvers<void>();
  const feed = followFeed({
    edgeUrl,
    token: other.token,
    signal,
    onConnection: (isOpen) => {
      if (isOpen) open.resolve();
    },
    onFrame: () => {},
  });
  feed.catch(open.reject);
  watching.push(feed);
  await open.promise;
  return { http, path: `/v1/rooms/${room.id}/messages` };
}
