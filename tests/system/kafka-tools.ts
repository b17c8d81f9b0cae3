import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaCluster, KafkaNode } from '@sori/local';
import { runProgram } from './sori-command.ts';

const REPLICATION_TIMEOUT_MS = 120_000;
const POLL_MS = 500;

/** Kafka's own command-line tools, by their classes: what they say does not depend on our client. */
const TOOLS = {
  topics: 'org.apache.kafka.tools.TopicCommand',
  configs: 'kafka.admin.ConfigCommand',
  offsets: 'org.apache.kafka.tools.GetOffsetShell',
  groups: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
} as const;

/** Runs one of the tools and resolves with what it printed; rejects when it failed. */
export async function kafkaTool(
  kafka: Pick<KafkaCluster, 'java' | 'classPath' | 'brokers'>,
  tool: keyof typeof TOOLS,
  ...args: readonly string[]
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(kafka.java, [
    '-Xmx128m',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    kafka.classPath,
    TOOLS[tool],
    '--bootstrap-server',
    kafka.brokers.join(','),
    ...args,
  ]);
  assert.equal(code, 0, `${tool} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

/** The node that coordinates a group now. */
export async function coordinatorOf(kafka: KafkaCluster, group: string): Promise<KafkaNode> {
  const said = await kafkaTool(kafka, 'groups', '--describe', '--state', '--group', group);
  const node = kafka.nodes.find(({ address }) => said.includes(address));
  assert.ok(node, `no coordinator in: ${said}`);
  return node;
}

/** Resolves when every partition has all its replicas in sync. */
export async function untilReplicated(kafka: KafkaCluster): Promise<void> {
  const deadline = Date.now() + REPLICATION_TIMEOUT_MS;
  for (;;) {
    const behind = await kafkaTool(kafka, 'topics', '--describe', '--under-replicated-partitions');
    if (behind.trim() === '') return;
    assert.ok(Date.now() < deadline, `still under-replicated: ${behind}`);
    await delay(POLL_MS);
  }
}
