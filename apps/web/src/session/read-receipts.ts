/** A receipt waits this long for a later one to stand for it too. */
export const RECEIPT_DELAY_MS = 800;

export interface ReadReceiptPorts {
  send(roomId: string, messageId: string): Promise<void>;
  /** Calls back after `ms`; returns how to stop that. */
  after(ms: number, callback: () => void): () => void;
}

export interface ReadReceipts {
  /** A room is on the screen down to this message. */
  seen(roomId: string, messageId: string): void;
  close(): void;
}

/** Tells the room how far I have read: once for many messages, and never the same twice. */
export function createReadReceipts(ports: ReadReceiptPorts): ReadReceipts {
  const told = new Map<string, string>();
  const waiting = new Map<string, { messageId: string; stop: () => void }>();

  function tell(roomId: string, messageId: string): void {
    waiting.delete(roomId);
    told.set(roomId, messageId);
    // A receipt that is lost is made good by the next: told again only where it failed.
    ports.send(roomId, messageId).catch(() => {
      if (told.get(roomId) === messageId) told.delete(roomId);
    });
  }

  return {
    seen(roomId, messageId) {
      const before = waiting.get(roomId);
      if (before !== undefined) before.messageId = messageId;
      else if (told.get(roomId) !== messageId) {
        const receipt = { messageId, stop: () => {} };
        waiting.set(roomId, receipt);
        receipt.stop = ports.after(RECEIPT_DELAY_MS, () => tell(roomId, receipt.messageId));
      }
    },
    close() {
      for (const { stop } of waiting.values()) stop();
      waiting.clear();
      // The next person has told nothing yet.
      told.clear();
    },
  };
}
