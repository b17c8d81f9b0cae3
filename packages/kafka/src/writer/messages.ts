import type { MessageToProduce } from '@platformatic/kafka';
import type { RecordToAppend, TopicPartition } from '@sori/stream';

type Message = MessageToProduce<Buffer | null, Buffer | null, Buffer, Buffer>;

/** Header names in use are few; past this many, bytes are made for each record. */
const HEADER_NAMES_KEPT = 256;

const headerNames = new Map<string, Buffer>();

/** Records as the client takes them, with their partition said on each. */
export function toMessages(target: TopicPartition, records: readonly RecordToAppend[]): Message[] {
  return records.map(({ key, value, headers }) => ({
    topic: target.topic,
    partition: target.partition,
    key,
    value,
    headers: toHeaders(headers),
  }));
}

/** A map from bytes, not text: names may repeat, and every Buffer is a key of its own. */
function toHeaders(headers: RecordToAppend['headers']): Map<Buffer, Buffer> {
  const map = new Map<Buffer, Buffer>();
  for (const { key, value } of headers) {
    const name = nameBytes(key);
    map.set(map.has(name) ? Buffer.from(name) : name, value);
  }
  return map;
}

function nameBytes(name: string): Buffer {
  const kept = headerNames.get(name);
  if (kept !== undefined) return kept;
  const bytes = Buffer.from(name);
  if (headerNames.size < HEADER_NAMES_KEPT) headerNames.set(name, bytes);
  return bytes;
}
