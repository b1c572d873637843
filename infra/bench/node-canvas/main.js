// POST /canvas/initialize as a plain Lambda in Node: what our canvas is compared with.
//
// Written to be fast where that is easily had: one bundled and minified file, the modular SDK with the one
// client that it needs, connections that stay open, clients and keys made once, secrets from the environment
// rather than fetched.

import { handle } from "./canvas.js";
import { serve } from "./runtime.js";

serve(handle);
