// Keeps connections to PostgreSQL that lead nowhere out of the pool. The pool only sees a connection that breaks: one that was
// cut silently, or that leads to a server which no longer takes writes, it would hand out again and again.
import type { Client, Pool } from 'pg';
import { type AfterQueryEvent, type EntitySubscriberInterface, EventSubscriber } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { isConnectionDead } from './database-error.js';

@EventSubscriber()
export class DeadConnections implements EntitySubscriberInterface {
  async afterQuery({ success, error, queryRunner, dataSource }: AfterQueryEvent): Promise<void> {
    if (success || !isConnectionDead(error)) return;
    closeIdle((dataSource.driver as PostgresDriver).master as Pool);
    const client = (await queryRunner.connect()) as Client;
    await client.end();
  }
}

/** They took the same way, and each would cost another request its patience. */
function closeIdle(pool: Pool): void {
  for (let count = pool.idleCount; count > 0; count--) {
    void pool.connect().then(
      (client) => client.release(true),
      () => undefined,
    );
  }
}
