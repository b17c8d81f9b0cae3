import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
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
