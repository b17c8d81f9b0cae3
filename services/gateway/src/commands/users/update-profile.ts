import { profileUpdated } from '@sori/chat-events';
import { updateDisplayName } from '@sori/postgres';
import type { ChangeState } from '../state-change.ts';

/** Changes nothing, and tells nothing, where the name is the same. */
export function updateProfile(
  change: ChangeState,
  userId: string,
  displayName: string,
): Promise<void> {
  return change(async (db, tell) => {
    if (await updateDisplayName(db, userId, displayName)) {
      tell(profileUpdated({ userId, displayName }));
    }
  });
}
