/** What the server answered instead of what was asked for: RFC 9457 problem details. */
export class RequestFailed extends Error {
  /** The problem's own code, or `HTTP_<status>` where the answer was no problem document. */
  readonly code: string;
  readonly status: number;
  /** Whether the same request may succeed later: 408, 425, 429 and 5xx. */
  readonly retryable: boolean;
  /** In how many milliseconds to try again, if the server said so. */
  readonly retryAfterMs: number | undefined;
  override readonly name = 'RequestFailed';

  constructor(
    status: number,
    problem: { readonly code?: string; readonly title?: string; readonly detail?: string },
    retryAfterMs: number | undefined,
  ) {
    super(problem.detail ?? problem.title ?? `the server answered ${status}`);
    this.status = status;
    this.code = problem.code ?? `HTTP_${status}`;
    this.retryable = status >= 500 || status === 408 || status === 425 || status === 429;
    this.retryAfterMs = retryAfterMs;
  }
}
