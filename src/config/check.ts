// What `npm run doctor` is made of: each part of the service knows how to look at what it depends on.

export interface Check {
  readonly name: string;
  /** @returns what was found, in plain words. @throws Error that says what is wrong */
  readonly run: () => Promise<string>;
}
