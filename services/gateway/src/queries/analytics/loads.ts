import type { Catalog, ExpectedLoad, TopicDefinition } from '@sori/contract';

/** Records, and the bytes of their values. */
export interface Load {
  readonly records: number;
  readonly bytes: number;
}

export interface Rate {
  readonly eventsPerSecond: number;
  readonly bytesPerSecond: number;
}

export function sumOfLoads(loads: Iterable<Load>): Load {
  let [records, bytes] = [0, 0];
  for (const load of loads) {
    records += load.records;
    bytes += load.bytes;
  }
  return { records, bytes };
}

/** Nothing in no time is no load. */
export function rateOf({ records, bytes }: Load, seconds: number): Rate {
  if (seconds <= 0) return { eventsPerSecond: 0, bytesPerSecond: 0 };
  return { eventsPerSecond: records / seconds, bytesPerSecond: bytes / seconds };
}

export function expectedOf({ expectedLoad }: TopicDefinition): Rate {
  const { eventsPerSecond, bytesPerSecond } = expectedLoad;
  return { eventsPerSecond, bytesPerSecond };
}

/** What the catalog expects of all topics together. */
export function expectedInAll({ topics }: Catalog): ExpectedLoad {
  const sum = (of: keyof ExpectedLoad): number =>
    topics.reduce((total, { expectedLoad }) => total + expectedLoad[of], 0);
  return { eventsPerSecond: sum('eventsPerSecond'), bytesPerSecond: sum('bytesPerSecond') };
}
