import { presenceChanged, presenceHeartbeat } from '@sori/chat-events';
import { InvalidEventData, newEventId } from '@sori/contract';
import { type Clock, type Publisher, PublisherOverloaded } from '@sori/stream';
import type { Connection } from '../connection/connection.ts';
import type { EdgeLimits } from '../limits.ts';
import type { EdgeMetrics, UnannouncedReason } from '../metrics.ts';

export interface AnnouncerOptions {
  readonly edgeId: string;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly limits: Pick<EdgeLimits, 'presenceLeaseMs' | 'presenceHeartbeatMs'>;
  readonly clock: Clock;
  readonly metrics: Pick<EdgeMetrics, 'announced' | 'unannounced'>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** A connection as user.online_status knows it: a lease of its own. */
interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly device: string;
  readonly since: string;
  nextBeatAt: number;
}

/** The part of a heartbeat's interval that is drawn by lot, so that they spread over time. */
const JITTER = 0.2;

/**
 * Says of this edge's connections that they are there. What cannot be said is counted and let go:
 * the next heartbeat says it again, and of an end that nobody hears the lease is the end.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #sessions = new Map<Connection, Session>();

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  came(connection: Connection): void {
    const { clock, limits, random } = this.#options;
    const now = clock.now();
    const session: Session = {
      userId: connection.userId,
      sessionId: newEventId(),
      device: connection.device,
      since: new Date(now).toISOString(),
      // Anywhere in the first interval: after a restart all connections come at about one time.
      nextBeatAt: now + random() * limits.presenceHeartbeatMs,
    };
    this.#sessions.set(connection, session);
    void this.#publish(presenceChanged, session, 'online', session.since);
  }

  left(connection: Connection): void {
    const session = this.#sessions.get(connection);
    if (session === undefined) return;
    this.#sessions.delete(connection);
    const now = new Date(this.#options.clock.now()).toISOString();
    void this.#publish(presenceChanged, session, 'offline', now);
  }

  /** Renews the leases that are due. Called every second or so. */
  beat(): void {
    const { clock, limits, random } = this.#options;
    const now = clock.now();
    for (const session of this.#sessions.values()) {
      if (now < session.nextBeatAt) continue;
      session.nextBeatAt = now + limits.presenceHeartbeatMs * (1 - JITTER * random());
      void this.#publish(presenceHeartbeat, session, 'online', session.since);
    }
  }

  async #publish(
    definition: typeof presenceChanged | typeof presenceHeartbeat,
    { userId, sessionId, device }: Session,
    state: 'online' | 'offline',
    since: string,
  ): Promise<void> {
    const { publisher, edgeId, limits, metrics } = this.#options;
    const leaseMs = limits.presenceLeaseMs;
    try {
      await publisher.publish(
        definition({ userId, sessionId, edgeId, device, leaseMs, state, since }),
      );
      metrics.announced();
    } catch (error) {
      metrics.unannounced(reasonOf(error));
    }
  }
}

function reasonOf(error: unknown): UnannouncedReason {
  if (error instanceof PublisherOverloaded) return 'overloaded';
  // The subject of a token can be anything; events name people by ids.
  return error instanceof InvalidEventData ? 'invalid' : 'undelivered';
}
