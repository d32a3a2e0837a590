import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { withOthers } from '../../../src/http/with-others.js';

describe('withOthers', () => {
  it('begins all that arrived in a turn, in their order, when the turn is over', async () => {
    const begun: string[] = [];
    withOthers(() => begun.push('first'));
    await Promise.resolve();
    withOthers(() => begun.push('second'));

    expect(begun).toEqual([]);
    await endOfTurn();
    expect(begun).toEqual(['first', 'second']);
  });

  it('leaves what arrives meanwhile to the next turn', async () => {
    const begun: string[] = [];
    withOthers(() => {
      begun.push('first');
      withOthers(() => begun.push('later'));
    });

    await endOfTurn();
    expect(begun).toEqual(['first']);
    await endOfTurn();
    expect(begun).toEqual(['first', 'later']);
  });
});
