/** Something that waits in a lane. Linked through itself, so that queues allocate nothing. */
export interface LaneItem {
  nextInLane: LaneItem | undefined;
}

/**
 * The items of one key, in order. `head` is the one that runs or runs next.
 * - `ready`: waits for a free place
 * - `running`: holds a place
 * - `parked`: waits for something else, without a place
 */
export interface Lane<Item extends LaneItem> {
  readonly key: string | undefined;
  head: Item;
  tail: Item;
  state: 'ready' | 'running' | 'parked';
  nextReady: Lane<Item> | undefined;
}

/**
 * Who may run: items of one key one after another, different keys side by side, at most
 * `concurrency` at a time; items without a key are lanes of their own. Ready lanes take turns, one
 * item each. Every operation is O(1).
 */
export class KeyLanes<Item extends LaneItem> {
  readonly #concurrency: number;
  readonly #byKey = new Map<string, Lane<Item>>();
  #firstReady: Lane<Item> | undefined;
  #lastReady: Lane<Item> | undefined;
  #running = 0;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** How many items run. */
  get running(): number {
    return this.#running;
  }

  /** How many keys have items. */
  get keys(): number {
    return this.#byKey.size;
  }

  /** Whether `take` would start something. */
  get canTake(): boolean {
    return this.#firstReady !== undefined && this.#running < this.#concurrency;
  }

  push(key: string | undefined, item: Item): void {
    const lane = key === undefined ? undefined : this.#byKey.get(key);
    if (lane !== undefined) {
      lane.tail.nextInLane = item;
      lane.tail = item;
      return;
    }
    const opened: Lane<Item> = {
      key,
      head: item,
      tail: item,
      state: 'ready',
      nextReady: undefined,
    };
    if (key !== undefined) this.#byKey.set(key, opened);
    this.#enqueue(opened);
  }

  /** Starts the head of the lane that has waited longest; undefined when none may start. */
  take(): Lane<Item> | undefined {
    return this.takeWhere(() => true);
  }

  /** The same among the lanes whose head is wanted; steps over the others, which keep their turn. */
  takeWhere(wanted: (head: Item) => boolean): Lane<Item> | undefined {
    if (this.#running >= this.#concurrency) return undefined;
    let before: Lane<Item> | undefined;
    let lane = this.#firstReady;
    while (lane !== undefined && !wanted(lane.head)) {
      before = lane;
      lane = lane.nextReady;
    }
    if (lane === undefined) return undefined;
    if (before === undefined) this.#firstReady = lane.nextReady;
    else before.nextReady = lane.nextReady;
    if (lane.nextReady === undefined) this.#lastReady = before;
    lane.nextReady = undefined;
    lane.state = 'running';
    this.#running += 1;
    return lane;
  }

  /** The running head is done: the lane's next item waits for its turn. */
  advance(lane: Lane<Item>): void {
    this.#free(lane);
    const next = lane.head.nextInLane as Item | undefined;
    lane.head.nextInLane = undefined;
    if (next === undefined) {
      if (lane.key !== undefined) this.#byKey.delete(lane.key);
      return;
    }
    lane.head = next;
    this.#enqueue(lane);
  }

  /** The running head must run again: at its next turn, or before all others. */
  again(lane: Lane<Item>, turn: 'next' | 'first'): void {
    this.#free(lane);
    if (turn === 'next') {
      this.#enqueue(lane);
      return;
    }
    lane.state = 'ready';
    lane.nextReady = this.#firstReady;
    this.#firstReady = lane;
    this.#lastReady ??= lane;
  }

  /** The running head must wait, and the lane with it, until `wake`. */
  park(lane: Lane<Item>): void {
    this.#free(lane);
    lane.state = 'parked';
  }

  wake(lane: Lane<Item>): void {
    if (lane.state !== 'parked') throw new Error(`a ${lane.state} lane cannot wake`);
    this.#enqueue(lane);
  }

  #free(lane: Lane<Item>): void {
    if (lane.state !== 'running') throw new Error(`a ${lane.state} lane holds no place`);
    this.#running -= 1;
  }

  #enqueue(lane: Lane<Item>): void {
    lane.state = 'ready';
    if (this.#lastReady === undefined) this.#firstReady = lane;
    else this.#lastReady.nextReady = lane;
    this.#lastReady = lane;
  }
}
