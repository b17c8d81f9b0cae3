import type { Logger } from '@sori/stream';
import { type DestinationStream, pino, stdTimeFunctions } from 'pino';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Fields whose values never reach a log, as they are spelt in headers, bodies and options. */
const SECRET_FIELDS = [
  'authorization',
  'Authorization',
  'cookie',
  'Cookie',
  '["set-cookie"]',
  'token',
  'accessToken',
  'secret',
  'password',
];

/** At the top of a line, and up to this many objects deep, as in `{ req: { headers: { cookie } } }`. */
const SECRET_DEPTH = 3;

export interface LoggerOptions {
  /** The field `service` of every line. */
  readonly service: string;
  /** `info` unless given. */
  readonly level?: LogLevel;
  /** Where lines go; standard output unless given. */
  readonly destination?: DestinationStream;
}

/** A logger that writes JSON lines. Values of fields that may hold a secret are left out. */
export function createLogger({ service, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    base: { service },
    level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretPaths(), censor: '[redacted]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function secretPaths(): string[] {
  return SECRET_FIELDS.flatMap((field) =>
    Array.from({ length: SECRET_DEPTH + 1 }, (_, depth) => {
      const above = '*.'.repeat(depth);
      return field.startsWith('[') ? `${above.slice(0, -1)}${field}` : `${above}${field}`;
    }),
  );
}
