import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LANGUAGES, type PluralForms } from './catalogue.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { createText } from './text.ts';

const placeholders = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();
const formsOf = (entry: string | PluralForms): PluralForms =>
  typeof entry === 'string' ? { other: entry } : entry;

describe('catalogues', () => {
  test('have the same keys', () => {
    assert.deepEqual(Object.keys(ko).toSorted(), Object.keys(en).toSorted());
  });

  test('have the same placeholders in every form, and say something', () => {
    for (const [key, entry] of Object.entries(ko)) {
      const english = formsOf(en[key as keyof typeof en]);
      for (const form of Object.values(formsOf(entry))) {
        assert.deepEqual(placeholders(form), placeholders(english.other), key);
        assert.notEqual(form.trim(), '', key);
      }
    }
  });

  test('have a form for every plural category that their language has', () => {
    for (const [language, catalogue] of Object.entries({ en, ko })) {
      const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
      for (const [key, entry] of Object.entries<string | PluralForms>(catalogue)) {
        if (typeof entry === 'string') continue;
        assert.deepEqual(Object.keys(entry).toSorted(), pluralCategories.toSorted(), key);
      }
    }
  });
});

describe('text', () => {
  const english = createText('en', 'Asia/Seoul');
  const korean = createText('ko', 'Asia/Seoul');

  test('is filled in, with the plural of the number', () => {
    assert.equal(english.t('room.members', { count: 1 }), '1 member');
    assert.equal(english.t('room.members', { count: 1_234 }), '1,234 members');
    assert.equal(korean.t('room.members', { count: 1 }), '멤버 1명');
    assert.equal(
      english.t('message.readBy', { names: english.names(['A', 'B', 'C']) }),
      'Read by A, B, and C',
    );
  });

  test('what is filled in stays as it is', () => {
    assert.equal(
      english.t('rooms.preview', { name: '{text}', text: '$& {name}' }),
      '{text}: $& {name}',
    );
  });

  test('days are those of the time zone', () => {
    const now = new Date('2026-03-02T16:00:00Z'); // 01:00 on the 3rd in Seoul
    assert.equal(english.day(new Date('2026-03-02T15:00:00Z'), now), 'Today');
    assert.equal(english.day(new Date('2026-03-02T14:59:00Z'), now), 'Yesterday');
    assert.equal(korean.day(new Date('2026-03-02T14:59:00Z'), now), '어제');
    assert.equal(english.day(new Date('2026-02-27T03:00:00Z'), now), 'Friday, February 27');
    assert.equal(english.day(new Date('2025-02-27T03:00:00Z'), now), 'February 27, 2025');
  });

  test('the time that has passed is said shortly', () => {
    const now = new Date('2026-03-02T12:00:00Z');
    const ago = (at: string) => [english, korean].map((text) => text.ago(new Date(at), now));
    assert.deepEqual(ago('2026-03-02T11:59:30Z'), ['now', '지금']);
    assert.deepEqual(ago('2026-03-02T11:57:30Z'), ['2 min. ago', '2분 전']);
    assert.deepEqual(ago('2026-03-02T09:00:00Z'), ['6:00 PM', '오후 6:00']);
    assert.deepEqual(ago('2026-03-01T09:00:00Z'), ['yesterday', '어제']);
    assert.deepEqual(ago('2026-02-20T09:00:00Z'), ['Feb 20', '2월 20일']);
  });

  test('of a clock that runs ahead is now', () => {
    const now = new Date('2026-03-02T12:00:00Z');
    for (const language of LANGUAGES) {
      assert.match(createText(language).ago(new Date('2026-03-02T12:05:00Z'), now), /^(now|지금)$/);
    }
  });
});
