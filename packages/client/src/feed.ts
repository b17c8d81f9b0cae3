import { setTimeout as delay } from 'node:timers/promises';
import { RequestFailed } from './errors.ts';
import { readEventStream } from './event-stream.ts';

/** Until the server says otherwise, as browsers do. */
const RECONNECT_MS = 3_000;

/** A stream that says nothing for so long is dead: the edge says something every 25 seconds. */
const SILENCE_MS = 60_000;

export interface FeedOptions {
  readonly edgeUrl: string;
  readonly token: string;
  /** Where to go on: the `id` of the last frame seen. Left out: from now. */
  readonly cursor?: string;
  /** Every frame with a name, in order. Frames that only move the cursor are not given. */
  readonly onFrame: (frame: FeedFrame) => void;
  /** A connection is open (the server has said where it stands); an open one is lost. */
  readonly onConnection?: (isOpen: boolean) => void;
  /** After how many milliseconds without a byte a connection is given up; 60,000 unless given. */
  readonly silenceMs?: number;
  readonly signal: AbortSignal;
}

export interface FeedFrame {
  /** The event's name: a type of the catalog, a control frame's, or `presence`. */
  readonly event: string;
  /** Where the feed stood with this frame; undefined for what is not of the feed: control, presence. */
  readonly id: string | undefined;
  readonly data: unknown;
}

interface Place {
  cursor: string | undefined;
  reconnectMs: number;
}

/**
 * Follows a person's feed until the signal aborts or the server says that it is over (204). Reconnects
 * by Last-Event-ID after the time that the server named (WHATWG HTML, "Server-sent events"), and,
 * unlike a browser, also after 408, 425, 429 and 5xx. Rejects with RequestFailed after any other
 * answer (401: the token is over), and with what `onFrame` throws.
 */
export async function followFeed(options: FeedOptions): Promise<void> {
  const { signal, cursor } = options;
  const place: Place = { cursor, reconnectMs: RECONNECT_MS };
  while (!signal.aborted) {
    try {
      if ((await connect(options, place)) === 'over') return;
    } catch (error) {
      if (signal.aborted) return;
      const isTemporary = error instanceof ConnectionLost || isRetryable(error);
      if (!isTemporary) throw error;
    }
    await delay(place.reconnectMs, undefined, { signal }).catch(ignoreAbort);
  }
}

/** One connection, from its request to its end. */
async function connect(options: FeedOptions, place: Place): Promise<'over' | 'ended'> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), options.silenceMs ?? SILENCE_MS);
  try {
    const response = await request(options, place.cursor, silence.signal);
    if (response.status === 204) return 'over';
    await read(textOf(response, timer), options, place);
    return 'ended';
  } finally {
    clearTimeout(timer);
  }
}

async function request(
  { edgeUrl, token, signal }: FeedOptions,
  cursor: string | undefined,
  silence: AbortSignal,
): Promise<Response> {
  const headers = {
    accept: 'text/event-stream',
    authorization: `Bearer ${token}`,
    ...(cursor === undefined ? {} : { 'last-event-id': cursor }),
  };
  const url = new URL('/v1/stream', edgeUrl);
  const response = await fetch(url, {
    headers,
    signal: AbortSignal.any([signal, silence]),
  }).catch((cause: unknown) => {
    throw new ConnectionLost('no answer from the edge', { cause });
  });
  if (response.status === 204 || isStream(response)) return response;
  await response.body?.cancel();
  const problem = response.ok ? { code: 'not-an-event-stream' } : {};
  throw new RequestFailed(response.status, problem, undefined);
}

function isStream({ ok, headers }: Response): boolean {
  return ok && headers.get('content-type')?.startsWith('text/event-stream') === true;
}

/** The text as it comes; each piece puts the timer back. */
async function* textOf(response: Response, timer: NodeJS.Timeout): AsyncGenerator<string> {
  if (response.body === null) return;
  try {
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      timer.refresh();
      yield text;
    }
  } catch (cause) {
    throw new ConnectionLost('the stream was cut', { cause });
  }
}

async function read(
  text: AsyncIterable<string>,
  { onFrame, onConnection }: FeedOptions,
  place: Place,
): Promise<void> {
  let isOpen = false;
  try {
    for await (const { id, event, data, retry } of readEventStream(text)) {
      if (retry !== undefined) place.reconnectMs = retry;
      if (id !== undefined) {
        place.cursor = id;
        // The edge says where the connection stands as soon as it is registered.
        if (!isOpen) onConnection?.(true);
        isOpen = true;
      }
      if (event === undefined || data === undefined) continue;
      onFrame({ event, id, data: JSON.parse(data) });
    }
  } finally {
    if (isOpen) onConnection?.(false);
  }
}

/** The network, not the server and not the caller: never seen outside. */
class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

function isRetryable(error: unknown): boolean {
  return error instanceof RequestFailed && error.retryable;
}

function ignoreAbort(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}
