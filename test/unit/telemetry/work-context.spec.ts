import { setImmediate as aMoment } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { WorkContext } from '../../../src/telemetry/work-context.js';

describe('WorkContext', () => {
  it('is known to everything that a piece of work starts, and to nothing else', async () => {
    const context = new WorkContext<{ name: string }>();
    const deep = async (): Promise<string | undefined> => {
      await aMoment();
      return context.current?.name;
    };

    const [first, second, outside] = await Promise.all([
      context.run({ name: 'first' }, deep),
      context.run({ name: 'second' }, deep),
      deep(),
    ]);

    expect([first, second, outside, context.current]).toEqual(['first', 'second', undefined, undefined]);
  });

  it('stays with a piece of work when another one that began before it ends', async () => {
    const context = new WorkContext<{ name: string }>();
    const short = context.run({ name: 'short' }, aMoment);
    const long = context.run({ name: 'long' }, async () => {
      await short;
      await aMoment();
      return context.current?.name;
    });

    expect(await long).toBe('long');
  });

  it('ends with the work that failed', async () => {
    const context = new WorkContext<{ name: string }>();

    await expect(context.run({ name: 'broken' }, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(context.current).toBeUndefined();
  });

  it('is over for what an ended piece of work still does', async () => {
    const context = new WorkContext<{ name: string }>();
    let straggler: Promise<unknown> | undefined;
    await context.run({ name: 'a request' }, async () => {
      straggler = aMoment()
        .then(aMoment)
        .then(() => context.current);
    });

    expect(await straggler).toBeUndefined();
  });
});
