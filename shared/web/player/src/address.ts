// The page's own address leads to the moment at which the recording was paused.

/** How long it rests before the address follows, ms: browsers refuse what changes it too often. */
const REST_MS = 700;

export class Address {
  private waiting = 0;

  /** The recording rests at this moment, ms from its start. */
  rest(position: number): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => {
      const url = new URL(location.href);
      url.searchParams.set("t", `${Math.floor(position / 1_000)}`);
      history.replaceState(history.state, "", url);
    }, REST_MS);
  }
}
