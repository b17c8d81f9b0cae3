/** How long an answer may take. */
const ANSWER_TIMEOUT_MS = 15_000;

/** What the gateway's code is where it gave none. */
export const UNREACHABLE = 'unreachable';

/** A request that did not do what it was for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The problem's code (RFC 9457), or `unreachable` where no answer came. */
  readonly code: string;
  /** The HTTP status, undefined where no answer came. */
  readonly status: number | undefined;
  /** Whether the same request may do better later. */
  readonly retryable: boolean;

  constructor(code: string, status: number | undefined, options?: ErrorOptions) {
    super(`request failed: ${code}`, options);
    this.code = code;
    this.status = status;
    this.retryable = status === undefined || status >= 500 || status === 408 || status === 429;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Sends JSON to the page's own origin, and resolves to the answer's JSON; rejects with ApiError. */
export async function request<Answer>(
  method: Method,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await answered(method, path, body);
  const text = await response.text().catch((cause: unknown) => {
    throw new ApiError(UNREACHABLE, undefined, { cause });
  });
  if (!response.ok) throw new ApiError(problemCode(text) ?? 'unknown', response.status);
  try {
    // The gateway answers by the schemas that these types are made of.
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  } catch (cause) {
    throw new ApiError('unreadable-answer', response.status, { cause });
  }
}

async function answered(method: Method, path: string, body?: object): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  } catch (cause) {
    throw new ApiError(UNREACHABLE, undefined, { cause });
  }
}

function problemCode(text: string): string | undefined {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem !== 'object' || problem === null || !('code' in problem)) return undefined;
    return typeof problem.code === 'string' ? problem.code : undefined;
  } catch {
    // A proxy's page, for one: the status says all there is.
    return undefined;
  }
}
