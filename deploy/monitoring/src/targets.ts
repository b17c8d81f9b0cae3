import { catalog } from '@sori/chat-events';

export interface GroupTarget {
  readonly group: string;
  readonly lagSeconds: number;
  readonly members: number;
}

/** What every group of the catalog is held to. */
export const GROUP_TARGETS: readonly GroupTarget[] = catalog.groups.map(
  ({ id, members, lagTargetSeconds }) => ({ group: id, lagSeconds: lagTargetSeconds, members }),
);
