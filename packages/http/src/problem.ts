import { STATUS_CODES } from 'node:http';
import type { ProblemDetails } from '@sori/api';

/** Problem details for HTTP APIs (RFC 9457), their media type. */
const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export interface ProblemOptions extends ErrorOptions {
  /** Sent as Retry-After. */
  readonly retryAfterSeconds?: number;
  /** Further members of the body, as `errors` or `eventId`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Further response headers, as `allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that refuses. Thrown by handlers; everything in it but its cause is shown to the client. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** What programs go by, in kebab case: `not-a-member`. */
  readonly code: string;
  readonly retryable: boolean;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail?: string, options: ProblemOptions = {}) {
    super(detail ?? code, options);
    this.status = status;
    this.code = code;
    this.retryable = options.retryAfterSeconds !== undefined;
    this.detail = detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.extra = options.extra ?? {};
    this.headers = options.headers ?? {};
  }

  /** The answer's body. */
  body(): ProblemDetails {
    return {
      ...this.extra,
      type: `urn:sori:problem:${this.code}`,
      title: STATUS_CODES[this.status] ?? 'Unknown',
      status: this.status,
      code: this.code,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
    };
  }

  /** The answer's headers, beside those that every answer has. */
  responseHeaders(): Record<string, string> {
    return {
      'content-type': PROBLEM_MEDIA_TYPE,
      'cache-control': 'no-store',
      ...(this.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(this.retryAfterSeconds === undefined
        ? {}
        : { 'retry-after': String(this.retryAfterSeconds) }),
      ...this.headers,
    };
  }
}
