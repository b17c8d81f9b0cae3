import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DevelopmentSession, FeedFrameData, RoomAndPeople, SentMessage } from '@sori/api';
import { messageSent } from '@sori/chat-events';
import {
  createHttpClient,
  type FeedFrame,
  followFeed,
  type HttpClient,
  RequestFailed,
} from '@sori/client';
import type { LogReader } from '@sori/stream';
import { CommandError } from '../errors.ts';
import { DeliveryRecord } from './delivery-record.ts';
import { watchNotifications } from './notifications.ts';
import { type Percentiles, percentiles } from './percentiles.ts';

const ROOM_NAME = 'sori ping';
/** After the last acknowledgement, for what is still on its way. */
const DELIVERY_TIMEOUT_MS = 30_000;
/** A second arrival would come within this after the last first one. */
const SETTLE_MS = 500;
const CONNECT_TIMEOUT_MS = 15_000;
const POLL_MS = 20;

export interface PingOptions {
  readonly gatewayUrl: string;
  readonly edgeUrl: string;
  readonly count: number;
  /** Requests under way at a time. */
  readonly concurrency: number;
  /** Reads notification.events, to tell when notifiers were done; left out if brokers are not known. */
  readonly reader: LogReader | undefined;
  readonly onProgress: (acknowledged: number) => void;
  readonly signal: AbortSignal;
}

export interface PingResult {
  readonly count: number;
  /** Sends that were not acknowledged, with how often each code came. */
  readonly failed: number;
  readonly failures: Readonly<Record<string, number>>;
  /** Over both people's streams. */
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** From the request's start to its 201, to the notification's record, to its arrival over SSE. */
  readonly ackMs: Percentiles | undefined;
  readonly notifiedMs: Percentiles | undefined;
  readonly deliveredMs: Percentiles | undefined;
}

/** Two people, one room: one sends `count` messages, and both streams are watched. */
export async function ping(options: PingOptions): Promise<PingResult> {
  const { gatewayUrl, edgeUrl, reader } = options;
  const sender = await signIn(gatewayUrl, 'ping_sender');
  const receiver = await signIn(gatewayUrl, 'ping_receiver');
  const { room } = await sender.http.request<RoomAndPeople>('POST', '/v1/rooms', {
    kind: 'group',
    name: ROOM_NAME,
    memberIds: [receiver.userId],
  });
  const shown = [new DeliveryRecord(), new DeliveryRecord()] as const;
  const notified = new DeliveryRecord();
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  await using _watch = reader && (await watchNotifications(reader, room.id, notified));
  const feeds = [
    follow(edgeUrl, sender.token, room.id, shown[0], signal),
    follow(edgeUrl, receiver.token, room.id, shown[1], signal),
  ];
  try {
    await Promise.all(feeds.map((feed) => feed.connected));
    const sends = await sendAll(options, sender.http, room.id, [...shown, notified]);
    await settled(reader === undefined ? shown : [...shown, notified], options.signal);
    return {
      count: options.count,
      ...sends,
      lost: total(shown, 'missing'),
      duplicated: total(shown, 'duplicated'),
      reordered: total(shown, 'reordered'),
      notifiedMs: percentiles(notified.latencies()),
      deliveredMs: percentiles(shown[1].latencies()),
    };
  } finally {
    ended.abort();
    await Promise.allSettled(feeds.map((feed) => feed.ended));
    await archive(sender.http, room.id);
  }
}

interface Person {
  readonly userId: string;
  readonly token: string;
  readonly http: HttpClient;
}

async function signIn(gatewayUrl: string, handle: string): Promise<Person> {
  const client = createHttpClient({ gatewayUrl });
  try {
    const session = await client.request<DevelopmentSession>('POST', '/v1/dev/sessions', {
      handle,
    });
    const { token, user } = session;
    return { userId: user.id, token, http: createHttpClient({ gatewayUrl, token }) };
  } catch (cause) {
    if (cause instanceof RequestFailed && cause.status === 404) {
      throw new CommandError(
        'CLI_NOT_IN_DEVELOPMENT',
        `${gatewayUrl} signs nobody in without a password: ping needs a gateway with SORI_DEVELOPMENT=1.`,
        { cause },
      );
    }
    throw isNoAnswer(cause) ? noAnswer(gatewayUrl, cause) : cause;
  }
}

/** The room is of no use to anybody; that it stays, where the gateway went away, does no harm. */
async function archive(http: HttpClient, roomId: string): Promise<void> {
  try {
    await http.request('POST', `/v1/rooms/${roomId}/archive`);
  } catch (error) {
    if (!(error instanceof RequestFailed) && !isNoAnswer(error)) throw error;
  }
}

function isNoAnswer(error: unknown): error is Error {
  return error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError');
}

function noAnswer(url: string, cause: Error): CommandError {
  const { code, message } = (cause.cause ?? cause) as Error & { readonly code?: string };
  return new CommandError(
    'CLI_NO_ANSWER',
    `${url} does not answer (${code ?? message}). Is the system running? Start it with: npm start`,
    { cause },
  );
}

function follow(
  edgeUrl: string,
  token: string,
  roomId: string,
  record: DeliveryRecord,
  signal: AbortSignal,
): { readonly connected: Promise<void>; readonly ended: Promise<void> } {
  const connected = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    connected.reject(
      new CommandError(
        'CLI_NO_STREAM',
        `${edgeUrl} did not open a stream within ${CONNECT_TIMEOUT_MS / 1_000} s.`,
      ),
    );
  }, CONNECT_TIMEOUT_MS);
  const ended = followFeed({
    edgeUrl,
    token,
    signal,
    onConnection: (isOpen) => {
      if (isOpen) connected.resolve();
    },
    onFrame: (frame) => {
      const messageId = messageOf(frame, roomId);
      if (messageId !== undefined) record.arrived(messageId, performance.now());
    },
  });
  ended.then(() => connected.reject(signal.reason), connected.reject);
  return { connected: connected.promise.finally(() => clearTimeout(timer)), ended };
}

/** The message that a frame of the feed shows, if it is one of the room. */
function messageOf({ event, data }: FeedFrame, roomId: string): string | undefined {
  if (event !== messageSent.type) return undefined;
  const message = (data as FeedFrameData).data;
  return message.roomId === roomId ? String(message.messageId) : undefined;
}

async function sendAll(
  { count, concurrency, onProgress, signal }: PingOptions,
  http: HttpClient,
  roomId: string,
  records: readonly DeliveryRecord[],
): Promise<Pick<PingResult, 'failed' | 'failures' | 'ackMs'>> {
  const acks: number[] = [];
  const failures = new Map<string, number>();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      signal.throwIfAborted();
      next += 1;
      const text = `ping ${next}`;
      const sentAt = performance.now();
      try {
        const { messageId, offset } = await http.request<SentMessage>(
          'POST',
          `/v1/rooms/${roomId}/messages`,
          { clientMessageId: randomUUID(), text },
        );
        acks.push(performance.now() - sentAt);
        for (const record of records) record.acknowledged(messageId, { sentAt, offset });
      } catch (error) {
        const code = failureCode(error);
        failures.set(code, (failures.get(code) ?? 0) + 1);
      }
      onProgress(acks.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  return {
    failed: count - acks.length,
    failures: Object.fromEntries(failures),
    ackMs: percentiles(acks),
  };
}

function failureCode(error: unknown): string {
  if (error instanceof RequestFailed) return error.code;
  if (isNoAnswer(error)) return 'NO_ANSWER';
  throw error;
}

/** Waits until nothing is missing, or time is up; then for a second arrival that would be late. */
async function settled(records: readonly DeliveryRecord[], signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + DELIVERY_TIMEOUT_MS;
  while (total(records, 'missing') > 0 && Date.now() < deadline) {
    signal.throwIfAborted();
    await delay(POLL_MS);
  }
  await delay(SETTLE_MS);
  signal.throwIfAborted();
}

function total(
  records: readonly DeliveryRecord[],
  count: 'missing' | 'duplicated' | 'reordered',
): number {
  return records.reduce((sum, record) => sum + record[count], 0);
}
