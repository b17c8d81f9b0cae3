import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { catalog } from '@sori/chat-events';
import { snapshotOf } from '@sori/contract';
import { EXIT } from '../errors.ts';
import { checkCatalog } from './events-check.ts';

describe('sori events check', () => {
  let directory: string;
  let snapshot: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sori-snapshot-'));
    snapshot = join(directory, 'agreed.json');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Runs it, and what it printed: documents, lines and rows. */
  async function check(options: { readonly accept?: boolean; readonly json?: boolean } = {}) {
    const printed: unknown[] = [];
    const code = await checkCatalog(
      { snapshot, ...options },
      {
        json: (value) => printed.push(value),
        line: (line) => printed.push(line),
        table: (_head, rows) => {
          printed.push(
            ...rows.map((row) => row.map((cell) => stripVTControlCharacters(`${cell}`))),
          );
        },
      },
    );
    return { code, printed };
  }

  /** The catalog of before: one event was not there yet, and another may have had one more field. */
  async function agreeOnOlder({ fieldWasRemoved }: { readonly fieldWasRemoved: boolean }) {
    const { topics, events } = snapshotOf(catalog);
    const { 'message.chat.sent': sent, 'user.account.deleted': _new, ...others } = events;
    assert.ok(sent);
    const properties = { ...Object(sent.schema).properties, font: { type: 'string' } };
    const older = fieldWasRemoved ? { ...sent, schema: { ...sent.schema, properties } } : sent;
    const agreed = { topics, events: { ...others, 'message.chat.sent': older } };
    await writeFile(snapshot, JSON.stringify(agreed));
  }

  test('names what breaks with its path, and fails until it is accepted', async () => {
    await agreeOnOlder({ fieldWasRemoved: true });
    const changes = [
      { path: 'message.chat.sent /font', what: 'the field was removed', breaking: true },
      { path: 'user.account.deleted', what: 'the event is new', breaking: false },
    ];
    assert.deepEqual(await check({ json: true }), {
      code: EXIT.error,
      printed: [{ breaking: 1, accepted: false, changes }],
    });
    assert.deepEqual(await check({ accept: true }), {
      code: EXIT.ok,
      printed: [
        ['message.chat.sent /font', 'the field was removed', 'breaking'],
        ['user.account.deleted', 'the event is new', 'compatible'],
        '\n2 changes, 1 breaking: accepted.',
      ],
    });
    assert.deepEqual(JSON.parse(await readFile(snapshot, 'utf8')), snapshotOf(catalog));
    assert.deepEqual(await check(), { code: EXIT.ok, printed: ['The catalog is as agreed.'] });
  });

  test('has another exit code for what breaks nothing', async () => {
    await agreeOnOlder({ fieldWasRemoved: false });
    const { code, printed } = await check();
    assert.equal(code, EXIT.changes);
    assert.deepEqual(printed[0], ['user.account.deleted', 'the event is new', 'compatible']);
  });

  test('refuses a file that is no snapshot', async () => {
    for (const text of ['[]', '{"topics":{}}', '{', 'null']) {
      await writeFile(snapshot, text);
      await assert.rejects(check(), { code: 'CLI_SNAPSHOT_UNREADABLE', message: /agreed\.json/ });
    }
    await rm(snapshot);
    await assert.rejects(check(), { code: 'CLI_SNAPSHOT_UNREADABLE' });
  });
});
