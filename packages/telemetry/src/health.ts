/** Says what is wrong, or nothing. A check that throws, or does not answer, counts as wrong. */
export type HealthCheck = () => string | undefined | Promise<string | undefined>;

/** `live`: the process works and need not be restarted. `ready`: it may be given work. */
export type HealthKind = 'live' | 'ready';

export interface HealthReport {
  readonly ok: boolean;
  readonly problems: readonly NamedProblem[];
  /** Of readiness, where there are any: what is wrong though the service may be given work. */
  readonly notes?: readonly NamedProblem[];
}

interface NamedProblem {
  readonly name: string;
  readonly problem: string;
}

/** What a service knows of its own state. */
export interface Health {
  /** Throws for a name that is taken. */
  live(name: string, check: HealthCheck): void;
  /** Throws for a name that is taken. */
  ready(name: string, check: HealthCheck): void;
  /** A check that is told with readiness and does not decide it. Throws for a name that is taken. */
  note(name: string, check: HealthCheck): void;
  /** Runs all checks of a kind side by side. Never rejects. */
  report(kind: HealthKind): Promise<HealthReport>;
  /** From now on not ready: the service is going. */
  drain(): void;
}

/** How long a check may take, in milliseconds: less than any prober's own patience. */
const CHECK_TIMEOUT_MS = 2_000;

export interface HealthOptions {
  readonly checkTimeoutMs?: number;
}

export function createHealth({ checkTimeoutMs = CHECK_TIMEOUT_MS }: HealthOptions = {}): Health {
  const checks = {
    live: new Map<string, HealthCheck>(),
    ready: new Map<string, HealthCheck>(),
    note: new Map<string, HealthCheck>(),
  };
  let draining = false;

  function add(kind: HealthKind | 'note', name: string, check: HealthCheck): void {
    if (checks[kind].has(name)) throw new Error(`there is a ${kind} check "${name}" already`);
    checks[kind].set(name, check);
  }

  async function problemsOf(kind: HealthKind | 'note'): Promise<NamedProblem[]> {
    const results = await Promise.all(
      [...checks[kind]].map(async ([name, check]) => ({
        name,
        problem: await problemOf(check, checkTimeoutMs),
      })),
    );
    return results.flatMap(({ name, problem }) =>
      problem === undefined ? [] : [{ name, problem }],
    );
  }

  async function report(kind: HealthKind): Promise<HealthReport> {
    const [problems, notes] = await Promise.all([
      problemsOf(kind),
      kind === 'ready' ? problemsOf('note') : [],
    ]);
    if (kind === 'ready' && draining) problems.unshift({ name: 'drain', problem: 'shutting down' });
    return { ok: problems.length === 0, problems, ...(notes.length > 0 ? { notes } : {}) };
  }

  return {
    live: (name, check) => add('live', name, check),
    ready: (name, check) => add('ready', name, check),
    note: (name, check) => add('note', name, check),
    report,
    drain() {
      draining = true;
    },
  };
}

async function problemOf(check: HealthCheck, timeoutMs: number): Promise<string | undefined> {
  const { promise: expired, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs);
  try {
    return await Promise.race([check(), expired]);
  } catch (cause) {
    // The report is served to whoever asks: a message may hold an address or a name, a code does not.
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
    return `the check failed (${code})`;
  } finally {
    clearTimeout(timer);
  }
}
