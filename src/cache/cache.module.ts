// Chooses the store: Redis when the environment names one, the process's own memory where it is the only writer, else none.
import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { CacheStore } from './cache-store.js';
import { MemoryStore } from './memory-store.js';
import { NoStore } from './no-store.js';
import { RedisStore } from './redis-store.js';
import { SharedRedis } from './shared-redis.js';
import { UserCache } from './user-cache.js';

function chooseStore({ redisUrl, databaseUrl }: Config): CacheStore {
  if (redisUrl !== undefined) return new RedisStore(redisUrl);
  return databaseUrl === undefined ? new MemoryStore() : new NoStore();
}

@Global()
@Module({
  providers: [
    UserCache,
    {
      provide: CacheStore,
      inject: [Config],
      useFactory: chooseStore,
    },
    {
      provide: SharedRedis,
      inject: [CacheStore],
      useFactory: (store: CacheStore) => new SharedRedis(store instanceof RedisStore ? store.commands : undefined),
    },
  ],
  exports: [UserCache, SharedRedis],
})
export class CacheModule implements OnApplicationShutdown {
  constructor(private readonly store: CacheStore) {}

  onApplicationShutdown(): Promise<void> {
    return this.store.close();
  }
}
