/**
 * The bench's end of the load generator: starts it once, hands it one job at a time, ends it.
 */
import { fork } from 'node:child_process';

export class LoadGenerator {
  #child = fork(new URL('./load-worker.mjs', import.meta.url), { execArgv: [] });

  /** @param {object} job see load-worker.mjs @returns {Promise<any>} its result; rejects when the server refused anything */
  run(job) {
    return new Promise((resolve, reject) => {
      const settle = (finish) => (value) => {
        this.#child.removeAllListeners();
        finish(value);
      };
      this.#child.once('exit', () => settle(reject)(new Error('the load generator ended')));
      this.#child.once('message', ({ result, error }) => settle(error ? reject : resolve)(error ? new Error(error) : result));
      this.#child.send(job);
    });
  }

  stop() {
    if (this.#child.connected) this.#child.disconnect();
  }
}
