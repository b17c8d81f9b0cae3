import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { type ClusterState, stateFingerprint, type TopicsPlan } from '@sori/kafka';
import { CommandError } from '../errors.ts';

const FORMAT = 1;

/** A plan as a file, to be looked at by somebody and applied later. */
interface SavedPlan {
  readonly format: typeof FORMAT;
  readonly clusterId: string;
  /** Of the state that the plan was made for. */
  readonly fingerprint: string;
  readonly changes: TopicsPlan['changes'];
}

export async function savePlan(path: string, plan: TopicsPlan, state: ClusterState): Promise<void> {
  const saved: SavedPlan = {
    format: FORMAT,
    clusterId: plan.clusterId,
    fingerprint: stateFingerprint(state),
    changes: plan.changes,
  };
  await writeFile(path, `${JSON.stringify(saved, null, 2)}\n`);
}

/** Throws CommandError unless the plan in the file is exactly what would be planned now. */
export async function assertStillCurrent(
  path: string,
  plan: TopicsPlan,
  state: ClusterState,
): Promise<void> {
  const saved = await readPlan(path);
  const stale = (what: string): CommandError =>
    new CommandError(
      'CLI_PLAN_STALE',
      `The plan in ${path} ${what}. Make a new one: npx sori topics plan --out ${path}`,
    );
  if (saved.clusterId !== plan.clusterId) {
    throw stale(`is for cluster ${saved.clusterId}, and this is ${plan.clusterId}`);
  }
  if (saved.fingerprint !== stateFingerprint(state)) {
    throw stale('is stale: the cluster has changed since it was made');
  }
  if (!isDeepStrictEqual(saved.changes, JSON.parse(JSON.stringify(plan.changes)))) {
    throw stale('is stale: the catalog has changed since it was made');
  }
}

async function readPlan(path: string): Promise<SavedPlan> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new CommandError('CLI_PLAN_UNREADABLE', `${path} cannot be read: ${cause.message}`, {
      cause,
    });
  });
  const saved = parse(text);
  if (typeof saved === 'object' && saved !== null && 'format' in saved && saved.format === FORMAT) {
    return saved as SavedPlan;
  }
  throw new CommandError(
    'CLI_PLAN_UNREADABLE',
    `${path} is not a plan that \`sori topics plan --out\` has written.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
