// Ids that nobody else has.

/** 128 bits of chance, hexadecimal; `crypto.randomUUID` is for secure contexts alone. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
