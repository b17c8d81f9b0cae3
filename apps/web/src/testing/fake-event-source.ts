import type { EventSourceLike } from '../stream/stream.ts';

type Listener = (event: MessageEvent<string>) => void;

/** What the browser's EventSource would do, done by a test. */
export class FakeEventSource implements EventSourceLike {
  readyState = 0;
  readonly url: string;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  close(): void {
    this.readyState = 2;
  }

  open(): void {
    this.readyState = 1;
    this.#tell('open', '', '');
  }

  tell(type: string, data: object, lastEventId = ''): void {
    this.#tell(type, JSON.stringify(data), lastEventId);
  }

  /** The connection is gone, and the browser tries again by itself. */
  interrupt(): void {
    this.readyState = 0;
    this.#tell('error', '', '');
  }

  /** An answer that is no stream: the browser gives up for good. */
  refuse(): void {
    this.readyState = 2;
    this.#tell('error', '', '');
  }

  #tell(type: string, data: string, lastEventId: string): void {
    const event = { data, lastEventId } as MessageEvent<string>;
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }
}
