/** For tests only: a list of what happened that can be waited on. */
export class RecordedEvents<T> {
  readonly #list: T[] = [];
  readonly #changed = new EventTarget();

  get all(): readonly T[] {
    return this.#list;
  }

  add(event: T): void {
    this.#list.push(event);
    this.#changed.dispatchEvent(new Event('changed'));
  }

  until(condition: () => boolean, describe?: () => string): Promise<void> {
    return RecordedEvents.until([this], condition, describe);
  }

  /** Waits until the condition holds after some event of the lists; a generous while. */
  static async until(
    lists: readonly RecordedEvents<never>[] | readonly RecordedEvents<unknown>[],
    condition: () => boolean,
    describe: () => string = () => 'it',
  ): Promise<void> {
    if (condition()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const expire = (): void => reject(new Error(`it did not happen in time: ${describe()}`));
    const timer = setTimeout(expire, LIMIT_MS);
    const check = (): void => {
      if (condition()) resolve();
    };
    for (const list of lists) list.#changed.addEventListener('changed', check);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      for (const list of lists) list.#changed.removeEventListener('changed', check);
    }
  }
}

const LIMIT_MS = 60_000;
