import { type Catalog, decodeEvent, type GroupDefinition, UndecodableRecord } from '@sori/contract';
import { isForAnotherGroup } from '../dead-letter/headers.ts';
import type { LogRecord } from '../ports/record.ts';
import type { AnyHandler, PendingRecord } from './pending-record.ts';

/** What is to be done with a record: call a handler, pass over it, or give it up. */
export type Route<Context> =
  | { readonly kind: 'handle'; readonly handler: AnyHandler<Context> }
  | { readonly kind: 'pass'; readonly outcome: 'no-handler' | 'skipped' }
  | { readonly kind: 'give-up'; readonly error: unknown };

/** How a record without a type of the catalog is counted: foreign names must not become labels. */
export const UNKNOWN_TYPE = 'unknown';

/** Finds what a group does with a record, and decodes it if a handler wants it. */
export class RecordRouter<Context> {
  readonly #catalog: Catalog;
  readonly #group: GroupDefinition;
  readonly #routes = new Map<string, Route<Context>>();
  readonly #find: Catalog['findEvent'];

  constructor(
    catalog: Catalog,
    group: GroupDefinition,
    handlers: ReadonlyMap<string, AnyHandler<Context>>,
  ) {
    this.#catalog = catalog;
    this.#group = group;
    this.#find = (type) => catalog.findEvent(type);
    for (const [type, handler] of handlers) this.#routes.set(type, { kind: 'handle', handler });
  }

  /**
   * A type without a handler is passed over undecoded: whether its data is valid is for the groups
   * that use it to say. Sets `pending.event` when a handler is to be called.
   */
  route(pending: PendingRecord): Route<Context> {
    const { record } = pending;
    if (isForAnotherGroup(record.headers, this.#group.id)) return SKIP;
    const type = typeOf(record);
    const route = this.#routes.get(type);
    if (route === undefined && this.#catalog.findEvent(type) !== undefined) return NO_HANDLER;
    try {
      pending.event ??= decodeEvent(record, this.#find);
    } catch (error) {
      if (!(error instanceof UndecodableRecord)) throw error;
      return this.#isUnknown(error) && this.#group.unknownEvents === 'skip'
        ? SKIP
        : { kind: 'give-up', error };
    }
    return route ?? NO_HANDLER;
  }

  /** The record's event type as metrics name it. */
  label(record: LogRecord): string {
    const type = typeOf(record);
    return this.#catalog.findEvent(type) === undefined ? UNKNOWN_TYPE : type;
  }

  #isUnknown({ reason }: UndecodableRecord): boolean {
    return reason === 'unknown-type' || reason === 'unknown-version';
  }
}

const SKIP = { kind: 'pass', outcome: 'skipped' } as const;
const NO_HANDLER = { kind: 'pass', outcome: 'no-handler' } as const;

function typeOf({ headers }: LogRecord): string {
  for (let index = headers.length - 1; index >= 0; index--) {
    const header = headers[index];
    if (header?.key === 'ce_type') return header.value.toString('utf8');
  }
  return '';
}
