import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Transport } from '../connection/outbox.ts';

/** What every answer with a stream says, also one that ends at once. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies: neither keep it nor gather it.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** Takes the answer over from Fastify and starts a stream with it. */
export function startStream(reply: FastifyReply): Transport {
  reply.hijack();
  const response = reply.raw;
  for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...STREAM_HEADERS })) {
    if (value !== undefined) response.setHeader(name, value);
  }
  // Then the body is all up to the end of the connection (RFC 9112, 6.3): bytes that many responses
  // share go out as they are, without a chunk's frame around each write.
  response.removeHeader('transfer-encoding');
  response.flushHeaders();
  // `close` follows, and says all there is to know.
  response.on('error', () => {});
  return transportOf(response);
}

function transportOf(response: ServerResponse): Transport {
  return {
    write: (bytes) => response.write(bytes),
    get bufferedBytes() {
      return response.writableLength;
    },
    end: () => void response.end(),
    destroy: () => void response.destroy(),
  };
}
