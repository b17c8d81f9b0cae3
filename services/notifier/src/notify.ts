import type { Event } from '@sori/contract';
import type { HandlerContext, Publisher } from '@sori/stream';
import { type Audience, type Delivery, deliveryOf, mayAlert } from './audience/audience.ts';
import type { AudienceReads } from './audience/reads.ts';
import { notificationsOf } from './notification.ts';

const NOBODY: ReadonlySet<string> = new Set();

/** Resolves when the broker has every notification of the event. */
export type Notify = (
  event: Event,
  audiences: readonly Audience[],
  context: HandlerContext,
) => Promise<void>;

export function createNotify({
  publisher,
  reads,
}: {
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly reads: AudienceReads;
}): Notify {
  return async (event, audiences, context) => {
    const deliveries = await Promise.all(audiences.map((audience) => resolve(audience, reads)));
    // Whoever has the partition now may be further: an old record must not come after newer ones.
    context.signal.throwIfAborted();
    // All at once: records of one key go out in the order in which they were given.
    await Promise.all(
      notificationsOf(event, deliveries).map(({ draft, attributes }) =>
        publisher.publish(draft, attributes),
      ),
    );
  };
}

async function resolve(audience: Audience, reads: AudienceReads): Promise<Delivery> {
  const [found, quiet] = await Promise.all([foundFor(audience, reads), quietFor(audience, reads)]);
  return deliveryOf(audience, found, quiet);
}

async function foundFor(audience: Audience, reads: AudienceReads): Promise<readonly string[]> {
  switch (audience.kind) {
    case 'room':
      return reads.membersAt(audience.roomId, audience.version);
    case 'friends':
      return reads.friendsOf(audience.userId);
    case 'person':
      return [];
  }
}

async function quietFor(audience: Audience, reads: AudienceReads): Promise<ReadonlySet<string>> {
  if (!mayAlert(audience) || audience.kind === 'friends') return NOBODY;
  return reads.quiet(audience.actorId, audience.kind === 'room' ? audience.roomId : null);
}
