import type { ControlEvent, RoomLeftData, SessionEndedData } from '@sori/api';
import type { FeedFrame } from '../feed/feed-frame.ts';

/** WHATWG HTML, 9.2 "Server-sent events": what stands on the stream beside frames of the feed. */

/** In how many milliseconds to come back when this connection is over. */
export function retryLine(ms: number): Buffer {
  return Buffer.from(`retry: ${Math.round(ms)}\n\n`);
}

/** Moves the client's position; without data it is no event, and nothing is shown. */
export function positionFrame(id: string): Buffer {
  return Buffer.from(`id: ${id}\n\n`);
}

/** Says only that the connection lives. */
export const COMMENT = Buffer.from(':\n\n');

export const RESET = controlFrame('reset', {});

export function sessionEndedFrame(data: SessionEndedData): Buffer {
  return controlFrame('session-ended', data);
}

export function roomLeftFrame(data: RoomLeftData): Buffer {
  return controlFrame('room-left', data);
}

function controlFrame(event: ControlEvent, data: object): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** A frame on its way to many connections: its bytes are made once, for each of its two forms. */
export class SharedFrame {
  readonly frame: FeedFrame;
  readonly #id: string;
  #alerting: Buffer | undefined;
  #silent: Buffer | undefined;

  constructor(frame: FeedFrame, id: string) {
    this.frame = frame;
    this.#id = id;
  }

  bytesFor(userId: string): Buffer {
    if (this.frame.alerts(userId)) {
      this.#alerting ??= this.frame.bytes(this.#id, true);
      return this.#alerting;
    }
    this.#silent ??= this.frame.bytes(this.#id, false);
    return this.#silent;
  }
}
