import type { HttpServer } from '@sori/http';
import { findAccount, type Queryable } from '@sori/postgres';
import { Refused } from '../commands/refused.ts';
import { identityOf } from './caller.ts';

/** The role of a token that may see how the whole product is used. */
export const OPERATOR_ROLE = 'operator';

/**
 * Refuses everybody whose token does not say that they are an operator, person or service. An operator
 * need not be a person of the chat, but one whose account was deleted is none.
 */
export function requireOperator(app: HttpServer, db: Queryable): void {
  app.addHook('preParsing', async (request) => {
    if (!identityOf(request).roles.includes(OPERATOR_ROLE)) throw new Refused('not-an-operator');
  });
  app.addHook('preHandler', async (request) => {
    const { kind, subject } = identityOf(request);
    const account = kind === 'user' ? await findAccount(db, subject) : undefined;
    if (account?.deleted === true) throw new Refused('account-deleted');
  });
}
