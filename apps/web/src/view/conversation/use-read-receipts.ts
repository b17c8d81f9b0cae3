import { useEffect } from 'react';
import { useMe, useSession } from '../../app/sori-context.tsx';
import { useVisible } from '../../app/use-browser.ts';
import type { Timeline } from '../../state/model.ts';

/** Tells the room how far I have read: what is on the screen, of a page that can be seen. */
export function useReadReceipts(roomId: string, timeline: Timeline, isAtEnd: boolean): void {
  const session = useSession();
  const isVisible = useVisible();
  const me = useMe();
  const last = timeline.messages.at(-1);
  // My own message says by itself that I have read what was before it.
  const lastOfOthers = last === undefined || last.userId === me.id ? undefined : last.id;
  const isRead = lastOfOthers === undefined || timeline.readUpTo[me.id] === lastOfOthers;
  useEffect(() => {
    if (isAtEnd && isVisible && !isRead) session.seen(roomId, lastOfOthers);
  }, [session, roomId, lastOfOthers, isRead, isAtEnd, isVisible]);
}
