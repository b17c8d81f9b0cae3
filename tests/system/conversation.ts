import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DevelopmentSession, RoomAndPeople, SentMessage } from '@sori/api';
import { createHttpClient, followFeed, type HttpClient, RequestFailed } from '@sori/client';
import type { Screen } from './verdict.ts';

/** The pause before the same message is sent again, and between two messages of one sender. */
const RETRY_MS = 200;
const PACE_MS = 40;
/** From the last fault on: sessions expire, brokers come back, what waited is read. */
const DELIVERY_TIMEOUT_MS = 90_000;
const POLL_MS = 100;

/** Rooms of two people each, who write to each other without a pause and watch their screens. */
export interface Conversation extends AsyncDisposable {
  /** By room: the ids of messages whose sender got a 201. */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<string>>;
  screens(): readonly Screen[];
  /** Resolves when so many more messages have been acknowledged in every room. */
  flowing(messages: number): Promise<void>;
  /** Ends sending, and waits until every screen has what was acknowledged, or the time is up. */
  finish(): Promise<void>;
}

interface Person {
  readonly name: string;
  readonly token: string;
  readonly http: HttpClient;
  readonly shown: string[];
}

export async function startConversation(
  system: { readonly gatewayUrl: string; readonly edgeUrl: string },
  rooms: number,
): Promise<Conversation> {
  const stop = new AbortController();
  const leave = new AbortController();
  const acknowledged = new Map<string, Set<string>>();
  const watchers: { readonly person: Person; readonly roomId: string }[] = [];
  const work: Promise<void>[] = [];
  for (let index = 0; index < rooms; index++) {
    const [one, other] = await Promise.all([
      signIn(system.gatewayUrl, `talker_${index}_a`),
      signIn(system.gatewayUrl, `talker_${index}_b`),
    ]);
    const { room } = await one.http.request<RoomAndPeople>('POST', '/v1/rooms', {
      kind: 'group',
      name: `Room ${index}`,
      memberIds: [other.id],
    });
    acknowledged.set(room.id, new Set());
    for (const person of [one, other]) {
      watchers.push({ person, roomId: room.id });
      await watch(system.edgeUrl, person, room.id, leave.signal, work);
    }
  }
  // Only now: a stream begins where the feed is when it opens.
  for (const { person, roomId } of watchers) {
    work.push(talk(person, roomId, idsOf(acknowledged, roomId), stop.signal));
  }
  const missing = (): number => {
    let count = 0;
    for (const { person, roomId } of watchers) {
      const shown = new Set(person.shown);
      for (const id of acknowledged.get(roomId) ?? []) if (!shown.has(id)) count += 1;
    }
    return count;
  };
  return {
    acknowledged,
    screens: () =>
      watchers.map(({ person, roomId }) => ({
        person: person.name,
        roomId,
        messageIds: [...person.shown],
      })),
    flowing: async (messages) => {
      const wanted = new Map([...acknowledged].map(([room, ids]) => [room, ids.size + messages]));
      await until(() => [...wanted].every(([room, n]) => (acknowledged.get(room)?.size ?? 0) >= n));
    },
    finish: async () => {
      stop.abort();
      await until(() => missing() === 0);
      // A second arrival would still be on its way.
      await delay(1_000);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      leave.abort();
      await Promise.all(work);
    },
  };
}

function idsOf(acknowledged: ReadonlyMap<string, Set<string>>, roomId: string): Set<string> {
  const ids = acknowledged.get(roomId);
  if (ids === undefined) throw new Error(`there is no room ${roomId}`);
  return ids;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + DELIVERY_TIMEOUT_MS;
  while (!condition() && Date.now() < deadline) await delay(POLL_MS);
}

async function signIn(
  gatewayUrl: string,
  handle: string,
): Promise<Person & { readonly id: string }> {
  const session = await createHttpClient({ gatewayUrl }).request<DevelopmentSession>(
    'POST',
    '/v1/dev/sessions',
    { handle },
  );
  const { token, user } = session;
  return {
    id: user.id,
    name: handle,
    token,
    http: createHttpClient({ gatewayUrl, token }),
    shown: [],
  };
}

/** Resolves when the stream is open; goes on until the signal aborts. */
async function watch(
  edgeUrl: string,
  person: Person,
  roomId: string,
  signal: AbortSignal,
  work: Promise<void>[],
): Promise<void> {
  const open = Promise.withResolvers<void>();
  const feed = followFeed({
    edgeUrl,
    token: person.token,
    signal,
    onConnection: (isOpen) => {
      if (isOpen) open.resolve();
    },
    onFrame: ({ event, data }) => {
      if (event !== 'message.chat.sent') return;
      const message = (data as { readonly data: { roomId: string; messageId: string } }).data;
      if (message.roomId === roomId) person.shown.push(message.messageId);
    },
  });
  feed.catch(open.reject);
  work.push(feed);
  await open.promise;
}

/** Sends one message after another; one whose fate is not known is sent again as the same one. */
async function talk(
  { http }: Person,
  roomId: string,
  acknowledged: Set<string>,
  stop: AbortSignal,
): Promise<void> {
  for (let count = 1; !stop.aborted; count++) {
    const message = { clientMessageId: randomUUID(), text: `message ${count}` };
    for (;;) {
      try {
        const path = `/v1/rooms/${roomId}/messages`;
        acknowledged.add((await http.request<SentMessage>('POST', path, message)).messageId);
        break;
      } catch (error) {
        if (error instanceof RequestFailed && !error.retryable) throw error;
        if (!(error instanceof RequestFailed) && !isCut(error)) throw error;
        if (stop.aborted) return;
        await delay(RETRY_MS);
      }
    }
    await delay(PACE_MS);
  }
}

/** What fetch rejects with when a connection is refused or cut, or the answer takes too long. */
function isCut(error: unknown): boolean {
  return error instanceof TypeError || (error as Error).name === 'TimeoutError';
}
