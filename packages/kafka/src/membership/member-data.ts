/** How many partitions each topic has. */
export type PartitionCounts = ReadonlyMap<string, number>;

/**
 * What a member tells the group about itself, beside its topics: the user data of its subscription.
 * JSON, so that people and other tools can read it; fields that are not known are passed over.
 */
export interface MemberData {
  /** A name that outlives rejoins, as `notifier-1`. */
  readonly name: string;
  /**
   * How many partitions the member knows of. When one topic grows this changes, and a changed
   * subscription is what makes the coordinator rebalance, whichever member says it first.
   */
  readonly partitions: PartitionCounts;
}

export function encodeMemberData({ name, partitions }: MemberData): Buffer {
  const counts = Array.from(partitions).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify({ name, partitions: Object.fromEntries(counts) }));
}

/** Undefined for a member that is not ours. */
export function decodeMemberData(
  bytes: Buffer | string | undefined | null,
): MemberData | undefined {
  const data = parseJson(bytes?.toString() ?? '');
  if (typeof data !== 'object' || data === null) return undefined;
  if (!('name' in data) || typeof data.name !== 'string') return undefined;
  const counts = 'partitions' in data && isObject(data.partitions) ? data.partitions : {};
  return {
    name: data.name,
    partitions: new Map(
      Object.entries(counts).filter((entry): entry is [string, number] => isCount(entry[1])),
    ),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Another client's user data is bytes of its own kind.
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
