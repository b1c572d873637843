// A list beside the recording, with what it is filtered by: the timeline, the console, the network.

import { element, write } from "./dom";
import { Rows, type RowKind } from "./rows";

/** A choice of the list: what it is called, and which items belong to it. */
export interface Choice<Item> {
  readonly label: string;
  readonly has: (item: Item) => boolean;
}

export interface PanelKind<Item> extends RowKind<Item> {
  /** What the list is of, in the plural. */
  readonly noun: string;
  /** What is found by a search. */
  readonly text: (item: Item) => string;
  /** All items first, by whatever they are told apart. */
  readonly choices: (items: readonly Item[]) => readonly Choice<Item>[];
}

export class Panel<Item> {
  private readonly rows: Rows<Item>;
  private readonly choose = element("select", { "aria-label": "Show" });
  private readonly search: HTMLInputElement;
  private readonly count = element("p", { class: "count", role: "status" });
  private readonly note = element("p", { class: "note", role: "status", hidden: true });
  private items: readonly Item[] = [];
  private position = 0;

  constructor(
    readonly root: HTMLElement,
    private readonly kind: PanelKind<Item>,
  ) {
    this.search = element("input", { type: "search", placeholder: "Search", "aria-label": `Search the ${kind.noun}` });
    const box = root.querySelector(".scroll") as HTMLElement;
    box.before(element("div", { class: "filters" }, this.choose, this.search, this.count), this.note);
    this.rows = new Rows(box, box.querySelector("ol") as HTMLElement, kind);
    this.choose.addEventListener("change", () => this.filter());
    this.search.addEventListener("input", () => this.filter());
  }

  set(items: readonly Item[]): void {
    // A list that is replaced has something new.
    if (items === this.items) return;
    this.items = items;
    const choices = this.kind.choices(items);
    const chosen = this.choose.value;
    const options = choices.map(({ label, has }) => {
      const text = `${label} (${items.filter(has).length})`;
      return element("option", { value: label, selected: label === chosen }, text);
    });
    const drawn = (list: Iterable<Element>) => [...list].map((option) => option.textContent).join("\n");
    // One that is open stays so.
    if (drawn(options) !== drawn(this.choose.options)) this.choose.replaceChildren(...options);
    this.filter();
  }

  follow(position: number): void {
    this.position = position;
    this.rows.follow(position);
  }

  /** Says how it stands with the list; with a way to try again, where that may help. */
  say(text: string, again?: () => void): void {
    this.note.hidden = text === "";
    this.note.classList.toggle("failed", again !== undefined);
    this.note.replaceChildren(text);
    if (!again) return;
    const button = element("button", { type: "button", class: "again" }, "Try again");
    button.addEventListener("click", again);
    this.note.append(" ", button);
  }

  private filter(): void {
    const choice = this.kind.choices(this.items).find(({ label }) => label === this.choose.value);
    const wanted = this.search.value.trim().toLowerCase();
    const isShown = (item: Item) => (choice?.has(item) ?? true) && this.kind.text(item).toLowerCase().includes(wanted);
    const shown = this.items.filter(isShown);
    this.rows.set(shown);
    this.rows.follow(this.position);
    const all = this.items.length;
    write(this.count, shown.length === all ? `${all} ${this.kind.noun}` : `${shown.length} of ${all}`);
  }
}
