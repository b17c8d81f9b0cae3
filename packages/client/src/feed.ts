import { setTimeout as delay } from 'node:timers/promises';
import { RequestFailed } from './errors.ts';
import { readEventStream } from './event-stream.ts';

/** Until the server says otherwise, as browsers do. */
const RECONNECT_MS = 3_000;

export interface FeedOptions {
  readonly edgeUrl: string;
  readonly token: string;
  /** Where to go on: the `id` of the last frame seen. Left out: from now. */
  readonly cursor?: string;
  /** Every frame with a name, in order. Frames that only move the cursor are not given. */
  readonly onFrame: (frame: FeedFrame) => void;
  /** A connection is open (the server has said where it stands), or lost. */
  readonly onConnection?: (isOpen: boolean) => void;
  readonly signal: AbortSignal;
}

export interface FeedFrame {
  /** The event's name: a type of the catalog, or a control frame's. */
  readonly event: string;
  /** Where the feed stood with this frame; undefined for control frames. */
  readonly id: string | undefined;
  readonly data: unknown;
}

/**
 * Follows a person's feed until the signal aborts or the server says that the session is over (204).
 * Reconnects by Last-Event-ID after the time that the server named (WHATWG HTML, "Server-sent
 * events"), but unlike a browser after any other answer too, except 401 and 403, which reject.
 */
export async function followFeed(options: FeedOptions): Promise<void> {
  const { signal } = options;
  const position = { cursor: options.cursor, reconnectMs: RECONNECT_MS };
  while (!signal.aborted) {
    try {
      const response = await open(options, position.cursor);
      if (response.status === 204) return;
      await read(response, options, position);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RequestFailed && !error.retryable) throw error;
      if (!(error instanceof RequestFailed) && !isConnectionError(error)) throw error;
    } finally {
      options.onConnection?.(false);
    }
    await delay(position.reconnectMs, undefined, { signal }).catch(ignoreAbort);
  }
}

async function open({ edgeUrl, token, signal }: FeedOptions, cursor: string | undefined) {
  const response = await fetch(new URL('/v1/stream', edgeUrl), {
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      ...(cursor === undefined ? {} : { 'last-event-id': cursor }),
    },
    signal,
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new RequestFailed(response.status, {}, undefined);
}

async function read(
  response: Response,
  options: FeedOptions,
  position: { cursor: string | undefined; reconnectMs: number },
): Promise<void> {
  if (response.body === null) return;
  let isOpen = false;
  const text = response.body.pipeThrough(new TextDecoderStream());
  for await (const block of readEventStream(text)) {
    if (block.retry !== undefined) position.reconnectMs = block.retry;
    if (block.id !== undefined) {
      position.cursor = block.id;
      // The edge says where the connection stands as soon as it is registered.
      if (!isOpen) options.onConnection?.(true);
      isOpen = true;
    }
    if (block.event === undefined || block.data === undefined) continue;
    options.onFrame({ event: block.event, id: block.id, data: JSON.parse(block.data) });
  }
}

/** What fetch and its body stream reject with when a connection fails or is cut. */
function isConnectionError(error: unknown): boolean {
  return error instanceof TypeError;
}

function ignoreAbort(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}
