import type { ConnectionState } from '../state/model.ts';
import {
  CONTROL_TYPES,
  type ControlFrame,
  FEED_TYPES,
  type FeedFrame,
  PRESENCE_TYPE,
  type PresenceFrame,
  readControlFrame,
  readFeedFrame,
  readPresenceFrame,
} from './frame.ts';

/** Waits between attempts double from the first to the last, each shortened at random to half. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

/** A server that sheds load answers and hangs up: what has lasted this long, or told anything, is live. */
const SETTLE_MS = 250;

/** The browser tries again by itself; after this long without success a person is told. */
const PATIENCE_MS = 4_000;

/** How many event ids are remembered, so that nothing told twice is shown twice. */
export const REMEMBERED_EVENTS = 4_000;

/** What of EventSource is used: a test brings its own. */
export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}
const CLOSED = 2;

export interface StreamPorts {
  open(url: string): EventSourceLike;
  /** Calls back after `ms`; returns how to stop that. */
  after(ms: number, callback: () => void): () => void;
  /** From 0 up to 1. */
  random(): number;
  /** Whether the person is still signed in: a refused stream does not say why. Never rejects. */
  stillSignedIn(): Promise<boolean>;
}

export interface StreamListener {
  connection(state: ConnectionState): void;
  frame(frame: FeedFrame): void;
  control(frame: ControlFrame): void;
  presence(frame: PresenceFrame): void;
  /** The stream started anew without a place to go on from: something may be missing. */
  gap(): void;
}

export interface Stream {
  /** Tries at once rather than when the wait is over. */
  retryNow(): void;
  close(): void;
}

/**
 * Holds one stream of events open. While EventSource reconnects by itself it resumes by
 * Last-Event-ID; where it gives up for good, this opens another from the last id after a wait.
 */
export function openStream(url: string, listener: StreamListener, ports: StreamPorts): Stream {
  const remembered = new Set<string>();
  let lastId: string | undefined;
  let source: EventSourceLike | undefined;
  let stopWaiting: (() => void) | undefined;
  let stopSettling: (() => void) | undefined;
  let stopPatience: (() => void) | undefined;
  let failures = 0;
  let wasLive = false;
  let closed = false;

  function connect(): void {
    stopWaiting = undefined;
    listener.connection('connecting');
    const place = lastId === undefined ? '' : `?cursor=${encodeURIComponent(lastId)}`;
    const opened = ports.open(`${url}${place}`);
    source = opened;
    // EventSource knows its place by itself, from ids that it shows nobody; a new one does not.
    let lostPlace = wasLive && lastId === undefined;
    const settle = () => {
      if (stopSettling === undefined) return;
      stopWaits();
      failures = 0;
      wasLive = true;
      listener.connection('live');
      if (lostPlace) listener.gap();
      lostPlace = false;
    };
    opened.addEventListener('open', () => {
      stopSettling = ports.after(SETTLE_MS, settle);
    });
    opened.addEventListener('error', () => {
      if (opened !== source) return;
      stopSettling?.();
      stopSettling = undefined;
      if (opened.readyState === CLOSED) giveUp();
      else losePatience();
    });
    for (const type of FEED_TYPES) {
      opened.addEventListener(type, (event) => {
        settle();
        keepPlace(event);
        const frame = readFeedFrame(type, event.data);
        if (frame !== undefined && isNew(frame.id)) listener.frame(frame);
      });
    }
    for (const type of CONTROL_TYPES) {
      opened.addEventListener(type, (event) => {
        settle();
        keepPlace(event);
        const frame = readControlFrame(type, event.data);
        if (frame !== undefined) listener.control(frame);
      });
    }
    opened.addEventListener(PRESENCE_TYPE, (event) => {
      settle();
      const frame = readPresenceFrame(event.data);
      if (frame !== undefined) listener.presence(frame);
    });
  }

  function keepPlace(event: MessageEvent<string>): void {
    if (event.lastEventId !== '') lastId = event.lastEventId;
  }

  function isNew(id: string): boolean {
    if (remembered.has(id)) return false;
    remembered.add(id);
    if (remembered.size > REMEMBERED_EVENTS) {
      for (const oldest of remembered) {
        remembered.delete(oldest);
        break;
      }
    }
    return true;
  }

  /** The browser is at it again: that is a short interruption until it has lasted. */
  function losePatience(): void {
    if (stopPatience !== undefined) return;
    listener.connection('connecting');
    stopPatience = ports.after(PATIENCE_MS, () => listener.connection('offline'));
  }

  function giveUp(): void {
    drop();
    listener.connection('offline');
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    failures += 1;
    stopWaiting = ports.after(longest * (0.5 + ports.random() / 2), reconnect);
  }

  function stopWaits(): void {
    stopSettling?.();
    stopSettling = undefined;
    stopPatience?.();
    stopPatience = undefined;
  }

  function drop(): void {
    stopWaits();
    source?.close();
    source = undefined;
  }

  function reconnect(): void {
    stopWaiting = undefined;
    listener.connection('connecting');
    ports.stillSignedIn().then((signedIn) => {
      if (closed || source !== undefined || stopWaiting !== undefined) return;
      if (signedIn) connect();
      else listener.control({ type: 'session-ended' });
    });
  }

  connect();
  return {
    retryNow() {
      // Live, opening for the first time, or asking already: there is nothing to hurry.
      if (stopWaiting === undefined && stopPatience === undefined) return;
      stopWaiting?.();
      drop();
      reconnect();
    },
    close() {
      closed = true;
      stopWaiting?.();
      drop();
    },
  };
}
