import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** WHATWG HTML, 9.2 "Server-sent events". */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies: neither keep it nor gather it.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  // What ends is over: nothing else is asked for on its connection.
  connection: 'close',
};

/** What may wait for one listener, in bytes: beyond it, frames are left out until that is taken. */
const WAITING_BYTES_MAX = 256 * 1024;

/** One answer that does not end by itself. */
export interface EventStream {
  /** A frame; it is left out where the listener has not taken the ones before. */
  send(frame: Buffer): void;
  end(): void;
  /** The listener went away, or `end` was called. */
  readonly ended: Promise<void>;
}

/** Answers with a stream of events; `retryMs` is when a listener comes back that was cut off. */
export function openEventStream(reply: FastifyReply, retryMs: number): EventStream {
  const body = new PassThrough();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  reply.raw.once('close', () => resolve());
  reply.raw.once('finish', () => resolve());
  body.write(`retry: ${retryMs}\n\n`);
  reply.headers(HEADERS).send(body);
  return {
    send(frame) {
      const waiting = body.writableLength + body.readableLength + reply.raw.writableLength;
      if (waiting <= WAITING_BYTES_MAX && !body.writableEnded) body.write(frame);
    },
    end: () => void body.end(),
    ended,
  };
}

export function eventFrame(event: string, data: object): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
