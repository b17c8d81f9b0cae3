import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { startTestSystem, type TestSystem } from '../system/test-system.ts';

const CHROMIUM_PATH = process.env['CHROMIUM_PATH'];
const ROOM = 'Lighthouse';
/** More than the page's first load of messages. */
const UNREAD = 70;
const CONDITION_TIMEOUT_MS = 60_000;
const POLL_MS = 200;

interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
}

describe('two people in a browser', () => {
  let system: TestSystem;
  let browser: Browser;
  let ada: Person;
  let bora: Person;

  before(async () => {
    assert.ok(CHROMIUM_PATH, 'CHROMIUM_PATH is set by npm test');
    system = await startTestSystem();
    browser = await chromium.launch({
      executablePath: CHROMIUM_PATH,
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    bora = await signIn('bora', '보라');
    ada = await signIn('ada', 'Ada');
  });

  after(async () => {
    await browser?.close();
    await system?.[Symbol.asyncDispose]();
  });

  async function signIn(handle: string, name: string): Promise<Person> {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(system.gatewayUrl);
    await page.getByLabel('Handle').fill(handle);
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation').first().waitFor();
    return { context, page };
  }

  const message = (page: Page, text: string): Locator =>
    page.locator('[data-message-id], [data-client-message-id]', { hasText: text });

  async function say(page: Page, text: string): Promise<void> {
    const composer = page.getByRole('textbox', { name: 'Message' });
    await composer.fill(text);
    await composer.press('Enter');
  }

  async function shownTexts(page: Page): Promise<readonly string[]> {
    return await page.locator('[data-message-text]').allTextContents();
  }

  test('a room is opened, and the one invited sees it without a reload', async () => {
    await ada.page.getByRole('button', { name: 'New room' }).click();
    await ada.page.getByLabel('Room name').fill(ROOM);
    await ada.page.getByLabel('People').fill('bora');
    await ada.page.getByRole('option', { name: /보라/ }).click();
    await ada.page.getByRole('button', { name: 'Create room' }).click();
    await bora.page.getByRole('navigation').getByText(ROOM).click();
    await bora.page.getByRole('heading', { name: ROOM }).waitFor();
  });

  test('messages go both ways, in order, once, with their delivery state', async () => {
    await say(ada.page, 'Can you hear me?');
    await message(bora.page, 'Can you hear me?').waitFor();
    await say(bora.page, '들려요!');
    await message(ada.page, '들려요!').waitFor();
    await ada.page
      .locator('[data-state="sent"], [data-state="received"]', { hasText: 'Can you hear me?' })
      .waitFor();
    for (const { page } of [ada, bora]) {
      assert.deepEqual(await shownTexts(page), ['Can you hear me?', '들려요!']);
    }
  });

  test('one who was offline gets everything, once, in order', async () => {
    await bora.context.setOffline(true);
    const missed = Array.from({ length: 20 }, (_, index) => `while you were away ${index + 1}`);
    for (const text of missed) await say(ada.page, text);
    await message(ada.page, 'while you were away 20').waitFor();
    await bora.context.setOffline(false);
    await message(bora.page, 'while you were away 20').waitFor({ timeout: 60_000 });
    assert.deepEqual(await shownTexts(bora.page), ['Can you hear me?', '들려요!', ...missed]);
  });

  // Before the edge dies: what it said of its connections holds for a lease longer.
  test('friends see who is there, who left, and who came back', async () => {
    const [me, other] = await Promise.all(
      [ada, bora].map(({ page }) => ask<{ id: string }>(page, 'GET', '/v1/me')),
    );
    await ask(ada.page, 'POST', `/v1/friends/${other?.id}/request`);
    await ask(bora.page, 'POST', `/v1/friends/${me?.id}/accept`);
    await ada.page.getByRole('link', { name: 'People' }).click();
    const presence = ada.page
      .getByTestId('person-row')
      .filter({ hasText: '보라' })
      .getByTestId('presence');
    const is = (state: string): Promise<void> =>
      until(async () => (await presence.first().getAttribute('data-presence')) === state);
    await is('online');
    await bora.page.goto('about:blank');
    await is('offline');
    await bora.page.goto(system.gatewayUrl);
    await is('online');
    for (const { page } of [ada, bora]) {
      await page.getByTestId('room-row').filter({ hasText: ROOM }).click();
    }
  });

  test('a reload shows what is unread, and scrolling up all that was said', async () => {
    const before = await shownTexts(ada.page);
    const room = await roomNamed(ada.page, ROOM);
    await until(async () => (await roomNamed(bora.page, ROOM)).unread === 0);
    await bora.page.goto('about:blank');
    const said = Array.from(
      { length: UNREAD },
      (_, index) => `said before the reload ${index + 1}`,
    );
    for (const text of said) {
      const message = { clientMessageId: randomUUID(), text };
      await ask(ada.page, 'POST', `/v1/rooms/${room.id}/messages`, message);
    }
    await until(async () => (await roomNamed(ada.page, ROOM)).lastMessage?.text === said.at(-1));
    await bora.page.goto(system.gatewayUrl);
    const row = bora.page.getByTestId('room-row').filter({ hasText: ROOM });
    await row.getByText(`${UNREAD} unread messages`).waitFor({ state: 'attached' });
    await row.click();
    await message(bora.page, said.at(-1) ?? '').waitFor();
    const beginning = bora.page.getByTestId('beginning');
    await until(async () => {
      await bora.page.getByTestId('timeline').evaluate((timeline) => {
        timeline.scrollTop = 0;
      });
      return (await beginning.count()) > 0;
    });
    assert.deepEqual(await shownTexts(bora.page), [...before, ...said]);
  });

  test('the edge dies, and nobody loses a message', async () => {
    process.kill(await system.pidOf('edge'), 'SIGKILL');
    await say(ada.page, 'sent while the edge was down');
    await message(bora.page, 'sent while the edge was down').waitFor({ timeout: 60_000 });
    const texts = await shownTexts(bora.page);
    assert.equal(texts.filter((text) => text === 'sent while the edge was down').length, 1);
  });

  test('one who is removed is out of the room at once', async () => {
    await ada.page.getByRole('button', { name: 'Members and details' }).click();
    await ada.page.getByRole('button', { name: 'Manage 보라' }).click();
    await ada.page.getByRole('menuitem', { name: 'Remove from the room' }).click();
    await ada.page.getByRole('button', { name: 'Remove from the room' }).click();
    await bora.page.getByRole('navigation').getByText(ROOM).waitFor({ state: 'detached' });
  });

  test('the page speaks Korean where the browser does', async () => {
    const context = await browser.newContext({ locale: 'ko-KR' });
    const page = await context.newPage();
    await page.goto(system.gatewayUrl);
    await page.getByRole('button', { name: '로그인' }).waitFor();
    await context.close();
  });
});

interface RoomJson {
  readonly id: string;
  readonly name: string;
  readonly unread?: number;
  readonly lastMessage?: { readonly text: string | null };
}

async function roomNamed(page: Page, name: string): Promise<RoomJson> {
  const { rooms } = await ask<{ readonly rooms: readonly RoomJson[] }>(page, 'GET', '/v1/rooms');
  return rooms.find((room) => room.name === name) ?? assert.fail(`no room ${name}`);
}

/** Asks the gateway as the person of the page. */
async function ask<Answer>(
  page: Page,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const text = await page.evaluate(
    async ({ method, path, body }) => {
      const json = { 'content-type': 'application/json' };
      const sent = body === undefined ? {} : { headers: json, body: JSON.stringify(body) };
      const response = await fetch(path, { method, ...sent });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
      return await response.text();
    },
    { method, path, body },
  );
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + CONDITION_TIMEOUT_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'it did not happen in time');
    await delay(POLL_MS);
  }
}
