import type { FeedFrame } from '../feed/feed-frame.ts';
import type { Positions } from '../feed/positions.ts';

/** What one connection missed, frame by frame, as fast as the connection takes it. */
export interface ReplaySource extends Disposable {
  /**
   * The next frame, or why there is none:
   * - `wait`: not yet; the connection is told when
   * - `caught-up`: none up to the feed's position
   * - `interrupted`: not now; it can be had by a resume from the cursor
   * - `gone`: it cannot be had any more
   */
  next(): FeedFrame | 'wait' | 'caught-up' | 'interrupted' | 'gone';
  /** Everything below is behind the connection, the last frame given included. */
  readonly cursor: Positions;
}
