import { RequestFailed } from './errors.ts';

const REQUEST_TIMEOUT_MS = 40_000;

export interface HttpClientOptions {
  /** `http://127.0.0.1:8080` */
  readonly gatewayUrl: string;
  /** A bearer token; left out for what needs none. */
  readonly token?: string;
}

export interface HttpClient {
  /**
   * Sends a request and gives back the JSON answer, undefined for 204. Rejects with RequestFailed for
   * any status from 400, and with what fetch rejects with when there is no answer: then it is not
   * known whether the request was carried out.
   */
  request<Answer>(method: HttpMethod, path: string, body?: unknown): Promise<Answer>;
}

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export function createHttpClient({ gatewayUrl, token }: HttpClientOptions): HttpClient {
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return {
    request: async <Answer>(method: HttpMethod, path: string, body?: unknown) => {
      const response = await fetch(new URL(path, gatewayUrl), {
        method,
        headers: {
          ...authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      if (!response.ok) throw await failure(response);
      return (response.status === 204 ? undefined : await response.json()) as Answer;
    },
  };
}

async function failure(response: Response): Promise<RequestFailed> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  const problem = isProblem ? ((await response.json()) as object) : {};
  if (!isProblem) await response.body?.cancel();
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new RequestFailed(
    response.status,
    problem,
    Number.isFinite(seconds) ? seconds * 1_000 : undefined,
  );
}
