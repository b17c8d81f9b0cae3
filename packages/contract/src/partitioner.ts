/**
 * Kafka's murmur2, as `org.apache.kafka.common.utils.Utils.murmur2` computes it: 32-bit MurmurHash2
 * (Austin Appleby) with seed 0x9747b28c, little-endian. Returns a signed 32-bit number.
 */
export function murmur2(data: Uint8Array): number {
  const length = data.length;
  const m = 0x5bd1e995;
  let h = 0x9747b28c ^ length;
  const words = length >> 2;
  for (let word = 0; word < words; word++) {
    const i = word << 2;
    let k =
      byte(data, i) |
      (byte(data, i + 1) << 8) |
      (byte(data, i + 2) << 16) |
      (byte(data, i + 3) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    k = Math.imul(k, m);
    h = Math.imul(h, m) ^ k;
  }
  const tail = words << 2;
  const rest = length & 3;
  if (rest === 3) h ^= byte(data, tail + 2) << 16;
  if (rest >= 2) h ^= byte(data, tail + 1) << 8;
  if (rest >= 1) h = Math.imul(h ^ byte(data, tail), m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return h | 0;
}

/**
 * The partition of a keyed record, as Java's default partitioner: `toPositive(murmur2(key)) % partitions`,
 * where toPositive clears the sign bit.
 */
export function partitionForKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

function byte(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}
