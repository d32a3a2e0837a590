// Lets a test decide when something goes on, in place of sleeping and hoping.
export class Gate<T = void> {
  readonly opened: Promise<T>;
  open: (value: T) => void;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}
