/**
 * The first key of this product's advisory locks (the two-key form, whose space no one-key lock
 * shares): which kind of lock it is. The second key says which one of the kind.
 */

/** Held by a transaction for each outbox key that it writes; second key: the hash of the key. */
export const OUTBOX_KEY_LOCKS = 0x5071;

/** Held by the session of the one relay that publishes; second key: 0. */
export const OUTBOX_RELAY_LOCK = 0x5072;

/** Held by the session that rebuilds the history; second key: 0. */
export const HISTORY_REBUILD_LOCK = 0x5073;

/** Held by the transaction that prunes the analytics; second key: 0. */
export const ANALYTICS_PRUNING_LOCK = 0x5074;
