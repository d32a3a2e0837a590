// Slows down those who guess passwords or open accounts in bulk. What counts is the pair of account and address: a stranger's
// failures make the stranger wait, not the owner, and from an address that has not failed the right password always gets in.
// An account that fails from many addresses only loses its free tries.
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { networkOf } from '../http/network.js';
import type { Origin } from '../http/origin.js';
import { type Counter, RateLimitCounters } from '../http/rate-limit-counters.js';
import { GrowingWait } from './growing-wait.js';

const HOUR = 3_600;
/** Failures within an hour, from wherever, that make an account one under attack: then a second try has to wait already. */
const UNDER_ATTACK = 30;
const FREE_TRIES_UNDER_ATTACK = 1;

interface Keys {
  readonly account: string;
  readonly address: string;
  readonly pair: string;
}

@Injectable()
export class LoginThrottle {
  private readonly logins: GrowingWait;
  private readonly loginsOfAddress: GrowingWait;
  private readonly failuresOfAccount: Counter;
  private readonly registrations: GrowingWait;
  private readonly registrationsOfAddress: GrowingWait;

  constructor(
    counters: RateLimitCounters,
    private readonly config: Config,
  ) {
    this.logins = new GrowingWait({ name: 'login', quota: 5, windowSeconds: HOUR }, counters);
    this.loginsOfAddress = new GrowingWait({ name: 'login-address', quota: 30, windowSeconds: HOUR }, counters);
    this.failuresOfAccount = counters.create('login-account', HOUR);
    this.registrations = new GrowingWait({ name: 'register', quota: 5, windowSeconds: HOUR }, counters);
    this.registrationsOfAddress = new GrowingWait({ name: 'register-address', quota: 20, windowSeconds: HOUR }, counters);
  }

  /**
   * Checks a password, unless too many were wrong before.
   * @param email in its normal form
   * @throws ApiError `rate_limited`
   */
  async checkPassword(email: string, { ip }: Origin, check: () => Promise<boolean>): Promise<boolean> {
    if (!this.config.rateLimit) return check();
    const keys = keysOf(email, ip);
    await this.admit(keys);
    const matches = await check().catch(async (error: unknown) => {
      await this.giveBack(keys);
      throw error;
    });
    if (matches) await Promise.all([this.logins.forget(keys.pair), this.loginsOfAddress.giveBack(keys.address)]);
    else await this.failuresOfAccount.add(keys.account);
    return matches;
  }

  /** @param email in its normal form. @throws ApiError `rate_limited` */
  async countRegistration(email: string, { ip }: Origin): Promise<void> {
    if (!this.config.rateLimit) return;
    const { account, address } = keysOf(email, ip);
    await this.registrationsOfAddress.take(address);
    await this.registrations.take(account);
  }

  private async admit({ account, address, pair }: Keys): Promise<void> {
    const { count: failures } = await this.failuresOfAccount.add(account, 0);
    await this.loginsOfAddress.take(address);
    try {
      await this.logins.take(pair, failures >= UNDER_ATTACK ? FREE_TRIES_UNDER_ATTACK : undefined);
    } catch (error) {
      await this.loginsOfAddress.giveBack(address);
      throw error;
    }
  }

  private async giveBack({ address, pair }: Keys): Promise<void> {
    await Promise.all([this.logins.giveBack(pair), this.loginsOfAddress.giveBack(address)]);
  }
}

/** The account by a hash: no e-mail address stands in Redis. */
function keysOf(email: string, ip: string): Keys {
  const account = createHash('sha256').update(email).digest('base64url');
  const address = networkOf(ip);
  return { account, address, pair: `${account} ${address}` };
}
