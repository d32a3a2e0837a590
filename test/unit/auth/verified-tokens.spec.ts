import { describe, expect, it } from '@jest/globals';
import { type Verified, VerifiedTokens } from '../../../src/auth/verified-tokens.js';

const credential = { kind: 'session', id: 'a session', userId: 'a user' } as const;

/** Counts how often it is asked. */
function verifier(answer: Verified | undefined) {
  const verify = async (): Promise<Verified | undefined> => {
    verify.calls++;
    return answer;
  };
  verify.calls = 0;
  return verify;
}

describe('VerifiedTokens', () => {
  it('has a token verified once', async () => {
    const tokens = new VerifiedTokens();
    const verify = verifier({ credential, expiresAt: Date.now() + 60_000 });

    for (let count = 0; count < 3; count++) expect(await tokens.find('a token', verify)).toEqual(credential);

    expect(verify.calls).toBe(1);
  });

  it('has it verified anew when its time is over', async () => {
    const tokens = new VerifiedTokens();
    await tokens.find('a token', verifier({ credential, expiresAt: Date.now() }));

    expect(await tokens.find('a token', verifier(undefined))).toBeUndefined();
  });

  it('keeps nothing of a token that is bad', async () => {
    const tokens = new VerifiedTokens();
    const verify = verifier(undefined);

    expect(await tokens.find('a token', verify)).toBeUndefined();
    expect(await tokens.find('a token', verify)).toBeUndefined();

    expect(verify.calls).toBe(2);
  });

  it('takes no token for another', async () => {
    const tokens = new VerifiedTokens();
    await tokens.find('a token', verifier({ credential, expiresAt: Date.now() + 60_000 }));

    expect(await tokens.find('a token ', verifier(undefined))).toBeUndefined();
    expect(await tokens.find('A token', verifier(undefined))).toBeUndefined();
  });

  it('keeps a bounded number', async () => {
    const tokens = new VerifiedTokens();
    const verify = verifier({ credential, expiresAt: Date.now() + 60_000 });
    for (let count = 0; count <= 10_000; count++) await tokens.find(`token ${count}`, verify);

    await tokens.find('token 10000', verify);
    expect(verify.calls).toBe(10_001);
    await tokens.find('token 0', verify);
    expect(verify.calls).toBe(10_002);
  });
});
