import { InvalidEventData } from '@sori/contract';
import {
  DeliveryFailed,
  DeliveryUnknown,
  DependencyUnavailable,
  LogError,
  PublisherOverloaded,
  RecordTooLarge,
  StreamClosed,
} from '@sori/stream';
import { Problem } from './problem.ts';

/** When what is away or full may be tried again. */
const RETRY_AFTER_SECONDS = 1;

/** Fastify's own error codes, and what they mean to a client. */
const FRAMEWORK_PROBLEMS: Readonly<Record<string, readonly [status: number, code: string]>> = {
  FST_ERR_BAD_URL: [400, 'malformed-url'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'url-too-long'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body-too-large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported-media-type'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'malformed-request'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'malformed-json'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'malformed-json'],
  FST_ERR_HANDLER_TIMEOUT: [503, 'timed-out'],
};

/** Errors of plugins that say a status only. Any other refusal of theirs is a `bad-request`. */
const STATUS_PROBLEMS: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  408: 'request-timeout',
  413: 'body-too-large',
  415: 'unsupported-media-type',
  429: 'rate-limited',
};

/**
 * What a client is told of an error. Of an error that it cannot know of, it is told nothing: 500
 * `internal`. The error itself is the problem's cause.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return ofStream(error) ?? ofFramework(error) ?? internal(error);
}

function ofStream(cause: unknown): Problem | undefined {
  const again = { cause, retryAfterSeconds: RETRY_AFTER_SECONDS };
  if (cause instanceof PublisherOverloaded) {
    return new Problem(503, 'overloaded', 'more events come than can be stored', again);
  }
  if (cause instanceof DeliveryUnknown) {
    const detail = 'the event may be stored; send it again with the same id';
    const extra = { eventId: cause.eventId };
    return new Problem(503, 'outcome-unknown', detail, { ...again, extra });
  }
  if (cause instanceof DeliveryFailed) {
    const extra = { eventId: cause.eventId };
    return cause.retryable || isOfOperation(cause.cause)
      ? new Problem(503, 'not-stored', 'the event is not stored', { ...again, extra })
      : new Problem(400, 'event-refused', 'the log refused the event', { cause, extra });
  }
  if (cause instanceof RecordTooLarge) {
    const extra = { limitBytes: cause.limitBytes };
    return new Problem(413, 'event-too-large', 'the event is too large', { cause, extra });
  }
  if (cause instanceof InvalidEventData) {
    const extra = { errors: cause.problems };
    return new Problem(400, 'invalid-request', 'the event data is not valid', { cause, extra });
  }
  if (cause instanceof StreamClosed) return new Problem(503, 'shutting-down', undefined, again);
  if (cause instanceof DependencyUnavailable || (cause instanceof LogError && cause.retryable)) {
    return new Problem(503, 'dependency-unavailable', undefined, again);
  }
  return undefined;
}

/** Whether a log refuses for a reason that its operators can end, and whoever asked cannot. */
function isOfOperation(cause: unknown): boolean {
  return (
    cause instanceof LogError &&
    (cause.reason === 'unknown-topic' || cause.reason === 'not-authorized')
  );
}

function ofFramework(cause: unknown): Problem | undefined {
  if (!(cause instanceof Error)) return undefined;
  const known = 'code' in cause ? FRAMEWORK_PROBLEMS[String(cause.code)] : undefined;
  if (known !== undefined) {
    const [status, code] = known;
    const options = status === 503 ? { cause, retryAfterSeconds: RETRY_AFTER_SECONDS } : { cause };
    return new Problem(status, code, undefined, options);
  }
  const status = 'statusCode' in cause ? Number(cause.statusCode) : Number.NaN;
  if (!(status >= 400 && status < 500)) return undefined;
  // A body that would change an object's prototype: refused by the parser, without a code.
  if (cause instanceof SyntaxError) return new Problem(400, 'malformed-json', undefined, { cause });
  return new Problem(status, STATUS_PROBLEMS[status] ?? 'bad-request', undefined, { cause });
}

function internal(cause: unknown): Problem {
  return new Problem(500, 'internal', undefined, { cause });
}
