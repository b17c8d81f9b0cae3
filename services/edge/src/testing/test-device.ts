import { Connection } from '../connection/connection.ts';
import type { Transport } from '../connection/outbox.ts';
import type { Delivery } from '../delivery.ts';

/** A frame as a client reads it. */
export interface SeenFrame {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** What a device's socket holds before it wants no more, in bytes. */
const SOCKET_BYTES = 400;

/**
 * For tests only: a person's device, without HTTP: it reads its stream, keeps its place, and goes on
 * from there on any edge. Reading can be stopped, and a stream cut in the middle of a frame.
 */
export class TestDevice {
  readonly userId: string;
  readonly sessionId: string | undefined;
  /** Everything with a name, since the beginning. */
  readonly frames: SeenFrame[] = [];
  /** All ids that moved the place, since the beginning. */
  readonly ids: string[] = [];
  cursor: string | undefined;
  /** What `retry:` said last, in milliseconds, and how often it was said. */
  retryMs: number | undefined;
  retries = 0;
  writes = 0;
  /** The stream was ended, and how. */
  ended: 'end' | 'destroyed' | undefined;
  #isReading = true;
  #unread = '';
  #partial = '';
  #connection: Connection | undefined;
  #delivery: Delivery | undefined;
  #transportInUse: Transport | undefined;

  constructor(userId: string, sessionId?: string) {
    this.userId = userId;
    this.sessionId = sessionId;
  }

  get isConnected(): boolean {
    return this.#connection?.isOpen ?? false;
  }

  connect(delivery: Delivery, { expiresAt = Number.POSITIVE_INFINITY, cursor = this.cursor } = {}) {
    this.cut();
    this.ended = undefined;
    const { userId, sessionId } = this;
    const transport = this.#transport();
    this.#transportInUse = transport;
    const connection = new Connection(delivery.context, {
      userId,
      sessionId,
      expiresAt,
      transport,
    });
    this.#connection = connection;
    this.#delivery = delivery;
    delivery.hub.add(connection);
    delivery.resumer.start(connection, cursor);
  }

  /** The connection is gone; of what was not read yet, the first `bytes` still arrive. */
  cut(bytes = 0): void {
    this.#parse(this.#unread.slice(0, bytes));
    this.#unread = '';
    this.#partial = '';
    this.#isReading = true;
    this.#leave();
  }

  stopReading(): void {
    this.#isReading = false;
  }

  read(): void {
    this.#isReading = true;
    this.#parse(this.#unread);
    this.#unread = '';
    this.#connection?.drained();
  }

  #transport(): Transport {
    const device = this;
    return {
      write(bytes) {
        if (device.#transportInUse !== this)
          throw new Error('the stream was written to after its end');
        device.writes++;
        device.#unread += bytes.toString('utf8');
        if (device.#isReading) {
          device.#parse(device.#unread);
          device.#unread = '';
        }
        return device.#unread.length < SOCKET_BYTES;
      },
      get bufferedBytes() {
        return device.#unread.length;
      },
      end() {
        device.ended = 'end';
        device.#leave();
      },
      destroy() {
        device.ended = 'destroyed';
        device.#unread = '';
        device.#leave();
      },
    };
  }

  #leave(): void {
    const connection = this.#connection;
    this.#transportInUse = undefined;
    if (connection === undefined) return;
    this.#connection = undefined;
    connection.closed();
    this.#delivery?.hub.remove(connection);
  }

  #parse(text: string): void {
    const blocks = (this.#partial + text).split('\n\n');
    this.#partial = blocks.pop() ?? '';
    for (const block of blocks) this.#take(block.split('\n'));
  }

  #take(lines: readonly string[]): void {
    const field = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const [id, event, data, retry] = [field('id'), field('event'), field('data'), field('retry')];
    if (retry !== undefined) {
      this.retryMs = Number(retry);
      this.retries++;
    }
    if (id !== undefined) {
      this.cursor = id;
      this.ids.push(id);
    }
    if (event !== undefined && data !== undefined) {
      this.frames.push({ event, id, data: JSON.parse(data) });
    }
  }
}
