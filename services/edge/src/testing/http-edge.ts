import { createTokenSigner, createTokenVerifier, type TokenVerifier } from '@sori/http';
import type { LogReader } from '@sori/stream';
import { createHealth, createLogger, createMetrics } from '@sori/telemetry';
import { type Edge, type EdgeOptions, startEdge } from '../edge.ts';

const KEYS = {
  secret: 'a secret for tests, long enough to be one',
  issuer: 'test',
  audience: 'test',
};
const signer = createTokenSigner(KEYS);

export const testVerifier: TokenVerifier = createTokenVerifier(KEYS);

/** For tests only: a person's token. */
export async function tokenOf(
  userId: string,
  lifetimeSeconds = 600,
  sessionId?: string,
): Promise<string> {
  const session = sessionId === undefined ? {} : { sessionId };
  const identity = { kind: 'user' as const, subject: userId, roles: [], topics: [], ...session };
  return (await signer.sign(identity, lifetimeSeconds)).token;
}

/** For tests only: a service's token. */
export async function serviceToken(): Promise<string> {
  const identity = { kind: 'service' as const, subject: 'other', roles: [], topics: [] };
  return (await signer.sign(identity, 600)).token;
}

/** For tests only: a whole edge on a free port. */
export function startHttpEdge(log: LogReader, options: Partial<EdgeOptions> = {}): Promise<Edge> {
  return startEdge({
    host: '127.0.0.1',
    port: 0,
    log,
    verifier: testVerifier,
    logger: createLogger({ service: 'edge', level: 'silent' }),
    metrics: createMetrics({ service: 'edge' }),
    health: createHealth(),
    ...options,
  });
}

/** For tests only: reads a stream until it ends, or its text so far is what was waited for. */
export async function readStream(
  response: Response,
  isEnough: (text: string) => boolean = () => false,
): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return text;
    text += chunk.value;
    if (!isEnough(text)) continue;
    await reader?.cancel();
    return text;
  }
}
