// Words for what a page logs or throws: anything at all, however large and however deep.

const MOST_DEPTH = 3;
const MOST_PARTS = 20;
const MOST_CHARACTERS = 1_000;

/** A text as it stands, an error's name and message, and of anything else what JSON would say, bounded. */
export function words(value: unknown): string {
  try {
    const plain = bounded(value, MOST_DEPTH);
    return typeof plain === "string" ? plain : JSON.stringify(plain);
  } catch {
    // Such as one whose getter throws.
    return Object.prototype.toString.call(value);
  }
}

function bounded(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.slice(0, MOST_CHARACTERS + 1);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  if (typeof value !== "object") return typeof value === "function" ? "function" : String(value);
  const { name, message, nodeType, nodeName } = value as Partial<Error & Node>;
  if (typeof message === "string" && typeof name === "string") return [name, message].filter(Boolean).join(": ");
  if (nodeType) return `<${nodeName?.toLowerCase()}>`;
  if (depth === 0) return "…";
  if (Array.isArray(value)) return value.slice(0, MOST_PARTS).map((part) => bounded(part, depth - 1));
  const parts = Object.keys(value).slice(0, MOST_PARTS);
  return Object.fromEntries(parts.map((key) => [key, bounded((value as Record<string, unknown>)[key], depth - 1)]));
}
