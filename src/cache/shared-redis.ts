// The one door to Redis itself, for counters that all replicas share. It knows two commands, each bounded like the cache's own.

/** Shaped like the client it stands for, so that libraries made for that client can use it. @throws CacheUnavailableError */
export interface RedisCommands {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  del(key: string): Promise<number>;
}

export class SharedRedis {
  /** @param commands nothing where the service runs without Redis */
  constructor(readonly commands: RedisCommands | undefined) {}
}
