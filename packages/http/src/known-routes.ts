import type { RouteOptions } from 'fastify';

const REGEXP_SYNTAX = /[\\^$.*+?()[\]{}|]/g;

/**
 * The routes of a server, to tell a path that nothing serves (404) from one that is served with
 * another method (405), which Fastify's router does not. A wildcard route takes what is left, so it
 * says nothing of a path.
 */
export class KnownRoutes {
  readonly #methods = new Map<string, Set<string>>();
  readonly #patterns = new Map<string, RegExp>();

  add({ method, url }: Pick<RouteOptions, 'method' | 'url'>): void {
    if (url.includes('*')) return;
    const methods = this.#methods.get(url) ?? new Set();
    this.#methods.set(url, methods);
    for (const name of [method].flat()) methods.add(name);
  }

  /** Which methods the path (without its query) is served with; empty when it is not served. */
  methodsOf(path: string): readonly string[] {
    const allowed = new Set<string>();
    for (const [url, methods] of this.#methods) {
      if (this.#patternOf(url).test(path)) for (const method of methods) allowed.add(method);
    }
    return [...allowed].sort();
  }

  #patternOf(url: string): RegExp {
    const known = this.#patterns.get(url);
    if (known !== undefined) return known;
    const segments = url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(REGEXP_SYNTAX, '\\$&')));
    const pattern = new RegExp(`^${segments.join('/')}$`);
    this.#patterns.set(url, pattern);
    return pattern;
  }
}
