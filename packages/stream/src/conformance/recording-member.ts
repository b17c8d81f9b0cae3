import { randomUUID } from 'node:crypto';
import type { Assignor } from '../assignor/assignor.ts';
import type {
  Assignment,
  GroupCoordinator,
  GroupMember,
  MemberListener,
} from '../ports/membership.ts';
import { Changes } from './changes.ts';
import { roundRobin } from './round-robin.ts';

/** A member whose listener keeps what it is told, in order. */
export class RecordingMember implements MemberListener {
  readonly member: GroupMember;
  readonly assignments: Assignment[] = [];
  readonly losses: Error[] = [];
  /** Calls of the listener, and ends of `revoking`, in order. */
  readonly log: ('revoking' | 'revoked' | 'assigned' | 'lost')[] = [];
  /** What the member does before it lets go. */
  onRevoking: () => Promise<void> = async () => {};
  onLost: () => void = () => {};
  readonly #changes = new Changes();

  constructor(
    coordinator: GroupCoordinator,
    options: {
      readonly group: string;
      readonly topics: readonly string[];
      readonly memberName: string;
      readonly sessionTimeoutMs: number;
      readonly assignor?: Assignor;
    },
  ) {
    this.member = coordinator.member({ assignor: roundRobin, ...options, listener: this });
  }

  async revoking(): Promise<void> {
    this.#add('revoking');
    await this.onRevoking();
    this.#add('revoked');
  }

  assigned(assignment: Assignment): void {
    this.assignments.push(assignment);
    this.#add('assigned');
  }

  lost(cause: Error): void {
    this.losses.push(cause);
    this.onLost();
    this.#add('lost');
  }

  get lastAssignment(): Assignment | undefined {
    return this.assignments.at(-1);
  }

  /** Its partitions now, as `topic-partition`, sorted. */
  get partitions(): readonly string[] {
    return (this.lastAssignment?.partitions ?? [])
      .map(({ topic, partition }) => `${topic}-${partition}`)
      .sort();
  }

  until(condition: () => boolean, what: string): Promise<void> {
    return this.#changes.until(condition, what);
  }

  /** Waits until the member has `count` partitions in a generation. */
  untilPartitions(count: number): Promise<void> {
    return this.until(
      () => this.log.at(-1) === 'assigned' && this.partitions.length === count,
      `the member has ${count} partitions`,
    );
  }

  #add(event: 'revoking' | 'revoked' | 'assigned' | 'lost'): void {
    this.log.push(event);
    this.#changes.happened();
  }
}

/** A group id that no other test uses. */
export function freshGroup(): string {
  return `conformance-${randomUUID()}`;
}
