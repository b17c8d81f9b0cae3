import type { Queryable, Statement } from '../connection/queryable.ts';
import type { Lease } from './find-leases.ts';

const PUT: Statement = {
  name: 'analytics-put-leases',
  text: `
    INSERT INTO analytics_leases (user_id, session_id, said_at, until)
    SELECT user_id, session_id, to_timestamp(said_at / 1000), to_timestamp(until / 1000)
    FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[])
      AS lease (user_id, session_id, said_at, until)
    ORDER BY user_id COLLATE "C", session_id COLLATE "C"
    ON CONFLICT (user_id, session_id) DO UPDATE
    SET said_at = EXCLUDED.said_at, until = EXCLUDED.until`,
};

/** Sets sessions to what their last records said. Each at most once in a call. */
export async function putLeases(transaction: Queryable, leases: readonly Lease[]): Promise<void> {
  if (leases.length === 0) return;
  await transaction.query(PUT, [
    leases.map(({ userId }) => userId),
    leases.map(({ sessionId }) => sessionId),
    leases.map(({ saidAt }) => saidAt),
    leases.map(({ until }) => until),
  ]);
}
