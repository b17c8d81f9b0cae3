import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MemberRole } from '@sori/chat-events';
import { isModerator, mayChangeRole, mayRemove } from './roles.ts';

const ROLES: readonly MemberRole[] = ['owner', 'moderator', 'member'];

describe('roles', () => {
  it('owners and moderators moderate', () => {
    assert.deepEqual(ROLES.filter(isModerator), ['owner', 'moderator']);
  });

  it('owners remove anybody, moderators only members, members nobody', () => {
    const allowed = ROLES.flatMap((actor) =>
      ROLES.filter((target) => mayRemove(actor, target)).map((target) => `${actor} ${target}`),
    );
    assert.deepEqual(allowed, [
      'owner owner',
      'owner moderator',
      'owner member',
      'moderator member',
    ]);
  });

  it('nobody gives a role above their own, or changes one that is not below it', () => {
    const allowed = ROLES.flatMap((actor) =>
      ROLES.flatMap((from) =>
        ROLES.filter((to) => to !== from && mayChangeRole(actor, { from, to, oneself: false })).map(
          (to) => `${actor}: ${from} → ${to}`,
        ),
      ),
    );
    assert.deepEqual(allowed, [
      'owner: owner → moderator',
      'owner: owner → member',
      'owner: moderator → owner',
      'owner: moderator → member',
      'owner: member → owner',
      'owner: member → moderator',
      'moderator: member → moderator',
    ]);
  });

  it('anybody gives their own role up, and nobody raises it', () => {
    const allowed = ROLES.flatMap((role) =>
      ROLES.filter(
        (to) => to !== role && mayChangeRole(role, { from: role, to, oneself: true }),
      ).map((to) => `${role} → ${to}`),
    );
    assert.deepEqual(allowed, ['owner → moderator', 'owner → member', 'moderator → member']);
  });
});
