import { randomUUID } from 'node:crypto';
import type {
  Assignment,
  Assignor,
  GroupCoordinator,
  GroupMember,
  MemberListener,
} from '@sori/stream';
import { RecordedEvents } from '../recorded-events.ts';

/** For tests only: a member, and what its listener was told. */
export interface RecordingMember extends AsyncDisposable {
  readonly member: GroupMember;
  readonly group: string;
  readonly events: RecordedEvents<MemberEvent>;
  /** `topic/partition` of the assignment it has now, sorted; empty from `revoking` or `lost` on. */
  owned(): readonly string[];
  /** The last assignment it was given. */
  assignment(): Assignment;
}

export type MemberEvent =
  | { readonly kind: 'revoking' }
  | { readonly kind: 'assigned'; readonly assignment: Assignment }
  | { readonly kind: 'lost'; readonly cause: Error };

export interface RecordingMemberOptions {
  readonly coordinator: GroupCoordinator;
  readonly group: string;
  readonly topics: readonly string[];
  readonly assignor: Assignor;
  readonly name?: string;
  readonly sessionTimeoutMs?: number;
  /** What the member does while its partitions are revoked. */
  readonly drain?: (member: GroupMember) => Promise<void>;
}

export function createRecordingMember(options: RecordingMemberOptions): RecordingMember {
  const { assignor, coordinator, drain, group, topics } = options;
  const events = new RecordedEvents<MemberEvent>();
  let current: Assignment | undefined;
  let last: Assignment | undefined;
  const listener: MemberListener = {
    async revoking() {
      current = undefined;
      events.add({ kind: 'revoking' });
      await drain?.(member);
    },
    assigned(assignment) {
      current = assignment;
      last = assignment;
      events.add({ kind: 'assigned', assignment });
    },
    lost(cause) {
      current = undefined;
      events.add({ kind: 'lost', cause });
    },
  };
  const member: GroupMember = coordinator.member({
    group,
    topics,
    assignor,
    memberName: options.name ?? `member-${randomUUID()}`,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 6_000,
    listener,
  });
  return {
    member,
    group,
    events,
    owned: () =>
      (current?.partitions ?? []).map(({ topic, partition }) => `${topic}/${partition}`).sort(),
    assignment() {
      if (last === undefined) throw new Error('nothing was assigned yet');
      return last;
    },
    [Symbol.asyncDispose]: () => member[Symbol.asyncDispose](),
  };
}

/** Waits until the members own these partitions between them, each exactly once. */
export async function untilShared(
  members: readonly RecordingMember[],
  partitions: readonly string[],
): Promise<void> {
  const wanted = [...partitions].sort().join();
  const owned = (): string =>
    members
      .flatMap((member) => member.owned())
      .sort()
      .join();
  const anyEvent = members.map(({ events }) => events);
  await RecordedEvents.until(
    anyEvent,
    () => owned() === wanted,
    () => owned(),
  );
}
