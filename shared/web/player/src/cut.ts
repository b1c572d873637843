// Events that their recorder cut into fragments, of which the others came in another chunk: put together
// again.
//
// The server cannot read half an event, and masks what looks typed in it. What is whole here is masked once
// more.

type Fields = Record<string, unknown>;

/** What the server calls the event that keeps a fragment. */
const TAG = "recapt:fragment";
/** No event has so many fragments. */
const MAX_FRAGMENTS = 10_000;
/** Elements that hold what was typed. */
const FIELDS = new Set(["input", "textarea", "select", "option"]);

/** What has come of the events of one stage. */
export class CutEvents {
  /** The fragments of each event, by their number. */
  private readonly waiting = new Map<string, Map<number, string>>();

  /** The events in order, those that are whole now among them. */
  join(recorded: readonly unknown[]): readonly unknown[] {
    if (!recorded.some(fragmentIn)) return recorded;
    const events = recorded.flatMap((event) => {
      const fragment = fragmentIn(event);
      return fragment ? this.add(fragment) : [event];
    });
    return events.sort((one, other) => time(one) - time(other));
  }

  private add({ event, number, of, text }: Fields): unknown[] {
    if (typeof number !== "number" || typeof of !== "number" || of > MAX_FRAGMENTS || typeof text !== "string") return [];
    const name = `${String(event)} ${of}`;
    const fragments = this.waiting.get(name) ?? new Map<number, string>();
    this.waiting.set(name, fragments.set(number, text));
    if (fragments.size < of) return [];
    this.waiting.delete(name);
    const whole = Array.from({ length: of }, (_, index) => fragments.get(index + 1) ?? "").join("");
    try {
      const events: unknown[] = [JSON.parse(whole)].flat();
      return events.map(masked);
    } catch {
      return [];
    }
  }
}

function time(event: unknown): number {
  return isObject(event) && typeof event.timestamp === "number" ? event.timestamp : 0;
}

function fragmentIn(event: unknown): Fields | null {
  if (!isObject(event) || event.type !== 5 || !isObject(event.data) || event.data.tag !== TAG) return null;
  return isObject(event.data.payload) ? event.data.payload : null;
}

/** The event with stars for what was typed. */
function masked(event: unknown): unknown {
  if (!isObject(event) || !isObject(event.data)) return event;
  const { data } = event;
  if (typeof data.text === "string") data.text = stars(data.text);
  maskNode(data.node, false);
  for (const add of list(data.adds)) maskNode(add.node, false);
  for (const { attributes } of list(data.attributes)) maskValue(attributes);
  return event;
}

function maskNode(node: unknown, isTyped: boolean): void {
  if (!isObject(node)) return;
  if (isTyped && typeof node.textContent === "string") node.textContent = stars(node.textContent);
  const name = String(node.tagName ?? "").toLowerCase();
  if (FIELDS.has(name)) maskValue(node.attributes);
  const within = isTyped || name === "textarea" || isEditable(node.attributes);
  for (const child of list(node.childNodes)) maskNode(child, within);
}

function isEditable(attributes: unknown): boolean {
  const value = isObject(attributes) ? attributes.contenteditable : undefined;
  return value !== undefined && value !== null && value !== false && value !== "false";
}

function maskValue(attributes: unknown): void {
  if (isObject(attributes) && typeof attributes.value === "string") attributes.value = stars(attributes.value);
}

function stars(text: string): string {
  return "*".repeat(text.length);
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
