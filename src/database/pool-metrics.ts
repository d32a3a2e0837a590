// How busy the connections to PostgreSQL are, looked at when somebody asks.
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { ScrapedGauge } from '../telemetry/scraped-gauge.js';

const connections = new ScrapedGauge('watchlist_database_pool_connections', 'Open connections to PostgreSQL.');
const idle = new ScrapedGauge('watchlist_database_pool_idle_connections', 'Open connections to PostgreSQL that nobody uses.');
const waiting = new ScrapedGauge('watchlist_database_pool_waiting', 'Queries and transactions that wait for a connection to PostgreSQL.');

/** @returns how to stop watching; SQLite has no pool */
export function watchPool({ options, driver }: DataSource): () => void {
  if (options.type !== 'postgres') return () => undefined;
  const pool = (driver as PostgresDriver).master as Pool;
  const ends = [connections.add(() => pool.totalCount), idle.add(() => pool.idleCount), waiting.add(() => pool.waitingCount)];
  return () => ends.forEach((end) => end());
}
