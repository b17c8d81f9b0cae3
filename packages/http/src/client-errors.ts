import type { Socket } from 'node:net';
import { Problem } from './problem.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** What Node says of a connection whose bytes are no request, and what the client is told. */
const CLIENT_PROBLEMS: Readonly<Record<string, readonly [status: number, code: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-timeout'],
};

/** Answers, where that is still possible, what never became a request; then ends the connection. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  // Gone, or in the middle of an answer: nothing that is written now would be understood.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const [status, code] = CLIENT_PROBLEMS[error.code ?? ''] ?? [400, 'malformed-request'];
  const problem = new Problem(status, code);
  const body = JSON.stringify(problem.body());
  const headers = Object.entries({
    ...SECURITY_HEADERS,
    ...problem.responseHeaders(),
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  const { title } = problem.body();
  socket.end([`HTTP/1.1 ${status} ${title}`, ...headers, '', body].join('\r\n'));
}
