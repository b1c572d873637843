// Takes out of a text what looks personal or secret, before the text leaves the page. The server applies the
// same rules to what it receives (shared/replay/src/privacy.rs), so that nothing depends on either alone. The
// cases of shared/replay/tests/masking.json hold for both.

import { url } from "./url";

const REMOVED = "[…]";
/** So many digits are a card, an account or a phone. */
const LONG_NUMBER_DIGITS = 12;
const SEPARATOR = "\\s,;=\"'`()<>{}\\[\\]|";
const PIECE = new RegExp(`([^${SEPARATOR}]*)([${SEPARATOR}]|$)`, "g");
const SECRET_NAME = /(token|password|passwd|secret|authorization|api_key|apikey|session|jwt)$/i;
const DIGIT_GROUPS = new RegExp(`\\d(?:[ -]?\\d){${LONG_NUMBER_DIGITS - 1},}`, "g");

/** The text without addresses, long numbers, tokens, and the queries of URLs. */
export function scrub(text: string): string {
  if (isPlainProse(text)) return text;
  let clean = "";
  let secretFollows = false;
  let inQuery = false;
  for (const [piece, word = "", separator = ""] of text.matchAll(PIECE)) {
    if (!piece) continue;
    if (!inQuery) clean += scrubWord(word, secretFollows);
    // A query that stands in a text reaches to the next white space or quote.
    inQuery = (inQuery || (word.includes("?") && separator === "=")) && !/[\s"'`)>]/.test(separator);
    if (/[a-z0-9]/i.test(word)) secretFollows = introducesSecret(word, separator);
    if (!inQuery) clean += separator;
  }
  // A card number may come in groups: "4111 1111 1111 1111".
  return clean.replace(DIGIT_GROUPS, REMOVED);
}

/** Short words and numbers, as most captions are: nothing in them can be personal or secret by its form. */
function isPlainProse(text: string): boolean {
  const digits = text.length - text.replace(/\d/g, "").length;
  const isPlain = (word: string) => /^[\w.!-]{0,11}$/.test(word) && !introducesSecret(word, "");
  return digits < LONG_NUMBER_DIGITS && text.split(" ").every(isPlain);
}

function scrubWord(word: string, isSecret: boolean): string {
  if (isSecret && /[a-z0-9]/i.test(word)) return REMOVED;
  if (word.includes("://")) return url(word);
  const query = word.indexOf("?");
  if (word.startsWith("/") && query > 0) return scrubWord(word.slice(0, query), false);
  return isPersonalOrSecret(word) ? REMOVED : word;
}

/** Whether what follows is a secret by what stands before it: `Bearer x`, `token=x`, `"password": "x"`. */
function introducesSecret(word: string, separator: string): boolean {
  const name = word.replace(/:+$/, "");
  if (/^(bearer|basic)$/i.test(name)) return true;
  const isAssigned = word.endsWith(":") || /[="']/.test(separator);
  return isAssigned && SECRET_NAME.test(name);
}

/** Whether a word is an address, a token, or a long number. */
export function isPersonalOrSecret(word: string): boolean {
  const bare = word.replace(/[.:!?]+$/, "");
  return isAddress(bare) || isToken(bare) || hasLongNumber(bare);
}

function isAddress(word: string): boolean {
  return /^[^@]+@[^.].*\./.test(word.replace(/%40/g, "@"));
}

/** Many digits in a row, dashes between them or not. */
function hasLongNumber(word: string): boolean {
  return /\d{12}/.test(word.replace(/[-._]/g, ""));
}

/** A JSON web token, or a long run of letters and digits such as only machines write. */
function isToken(word: string): boolean {
  if (word.startsWith("eyJ") && word.length >= 16) return true;
  return word.split(/[-._:/&%]/).some((part) => {
    const count = (kind: RegExp) => part.match(kind)?.length ?? 0;
    const isMixed = part.length >= 20 && count(/\d/g) >= 3 && count(/[a-z]/gi) >= 3;
    return /^[0-9a-f]{16,}$/i.test(part) || isMixed;
  });
}
