// How this shop talks to the recorder: also before it has loaded, and where it is blocked.

/** `recapt("identify", { email })`, `recapt("track", "Product Viewed", { product })` and the like. */
export function recapt(...call) {
  (window.recapt = window.recapt || []).push(call);
}
