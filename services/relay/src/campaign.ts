import { openRelaySession, tryBecomeRelay } from '@sori/postgres';
import type { Clock, Logger } from '@sori/stream';
import { Bell } from './bell.ts';
import type { RelayLimits } from './limits.ts';
import type { RelayMetrics } from './metrics.ts';
import { pause } from './pause.ts';
import { Term } from './term.ts';
import type { TermPublisher } from './term-publisher.ts';

export interface CampaignOptions {
  readonly databaseUrl: string;
  /** For the term, which closes it. Without a term it stays open. */
  readonly publisher: TermPublisher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RelayMetrics;
  readonly limits: RelayLimits;
  readonly stop: AbortSignal;
  /** Called when the relay waits for another one to end, and when its own term begins. */
  readonly became: (state: 'standby' | 'active') => void;
}

/**
 * Opens a session, waits for the lock, and serves one term. Resolves after a stop; rejects with
 * DependencyUnavailable when the session cannot be opened or is lost.
 */
export async function campaign(options: CampaignOptions): Promise<void> {
  const { clock, databaseUrl, limits, stop } = options;
  const bell = new Bell(clock);
  await using session = await openRelaySession({
    url: databaseUrl,
    applicationName: 'relay',
    clock,
    appended: () => bell.ring(),
  });
  while (!stop.aborted) {
    if (await tryBecomeRelay(session)) {
      options.became('active');
      await new Term({ ...options, session, bell }).run();
      return;
    }
    options.became('standby');
    await pause(clock, limits.campaignMs, stop);
  }
}
