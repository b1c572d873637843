// What whoever watches has chosen, kept in their browser from one recording to the next.

/** Where it is kept. A browser may refuse. */
const NAME = "recapt.player";

export interface Preferences {
  readonly speed: number;
  readonly skipsIdle: boolean;
}

const USUAL: Preferences = { speed: 1, skipsIdle: true };

/** What a player can be set to. */
export const SPEEDS: readonly number[] = [0.5, 1, 2, 4, 8];

type Place = Pick<Storage, "getItem" | "setItem">;

/** The place, if there is one: in some browsers even asking throws. */
function place(): Place | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

export function remembered(storage: Place | null = place()): Preferences {
  try {
    const { speed, skipsIdle } = JSON.parse(storage?.getItem(NAME) ?? "{}") as Partial<Preferences>;
    return {
      speed: SPEEDS.includes(speed as number) ? (speed as number) : USUAL.speed,
      skipsIdle: typeof skipsIdle === "boolean" ? skipsIdle : USUAL.skipsIdle,
    };
  } catch {
    return USUAL;
  }
}

export function remember(chosen: Preferences, storage: Place | null = place()): void {
  try {
    storage?.setItem(NAME, JSON.stringify(chosen));
  } catch {
    // Full, or forbidden: it holds for this page.
  }
}
