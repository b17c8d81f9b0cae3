import type { Logger } from '@sori/stream';
import type { FastifyBaseLogger } from 'fastify';

/**
 * The logger that Fastify, its plugins and `request.log` write to. They call it with fields and a
 * message, with a message alone, or with an error alone.
 */
export function fastifyLogger(logger: Logger): FastifyBaseLogger {
  type Level = 'debug' | 'info' | 'warn' | 'error';
  const at =
    (level: Level) =>
    (first: unknown, message?: string): void => {
      if (typeof first === 'string') logger[level]({}, first);
      else if (first instanceof Error) logger[level]({ err: first }, message ?? first.name);
      else logger[level](first as object, message ?? '');
    };
  return {
    // The given logger has a level of its own; this one only keeps Fastify from guessing.
    level: 'debug',
    trace: at('debug'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('error'),
    silent: () => {},
    child: (bindings) => fastifyLogger(logger.child(bindings)),
  };
}
