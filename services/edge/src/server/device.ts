import type { FastifyRequest } from 'fastify';

/** What a client may call its device. */
const DEVICE = /^[a-z0-9-]{1,32}$/;

/** The kind of device: as the client says (`?device=`), else as its user agent looks. */
export function deviceOf({ query, headers }: FastifyRequest): string {
  const { device } = query as { readonly device?: unknown };
  if (typeof device === 'string' && DEVICE.test(device)) return device;
  const agent = headers['user-agent'] ?? '';
  if (/mobile|android|iphone|ipad/i.test(agent)) return 'mobile';
  return agent.startsWith('Mozilla/') ? 'desktop' : 'other';
}
