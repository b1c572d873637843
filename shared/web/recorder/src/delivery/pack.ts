// Compression, as far as the browser has it, and the text form in which bytes are stored.

/**
 * The text as gzip; as it is in browsers without CompressionStream (Safari before 16.4, Firefox before 113).
 */
export async function pack(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const plain = new TextEncoder().encode(text);
  try {
    const packed = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(packed).arrayBuffer());
  } catch {
    return plain;
  }
}

/** Base64, for storage that holds text alone. */
export function toText(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8_192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return btoa(binary);
}

export function fromText(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
