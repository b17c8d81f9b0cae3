import { type Catalog, decodeEvent, UndecodableRecord } from '@sori/contract';
import type { LogRecord } from '../ports/record.ts';
import type { ProjectedRecord } from './options.ts';

/** Reads a record as a projection is given it. */
export function projectedRecord(catalog: Catalog, record: LogRecord): ProjectedRecord {
  try {
    return { record, event: decodeEvent(record, (type) => catalog.findEvent(type)) };
  } catch (error) {
    if (!(error instanceof UndecodableRecord)) throw error;
    return { record, problem: error.reason };
  }
}
