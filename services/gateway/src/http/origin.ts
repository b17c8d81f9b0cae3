import type { OutboxAttributes } from '@sori/postgres';
import type { FastifyRequest } from 'fastify';

/** ce_source of every event that begins here. */
export const SOURCE = '/sori/gateway';

/** A traceparent of W3C Trace Context, version 00; all zeroes are no ids. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What all events of a request have in common: the trace that it belongs to, and its id. */
export function originOf(request: FastifyRequest): OutboxAttributes {
  const { traceparent } = request.headers;
  return {
    source: SOURCE,
    correlationId: request.id,
    traceparent:
      typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined,
  };
}
