// What a signature means for what is told beside it.

import { claims } from "../jwt";
import type { Attributes } from "./attributes";

/**
 * With a JWT, which has and signs names of its own, nothing of it is told in plain words as well, nor a
 * `user_hash`: Intercom refuses both at once.
 */
export function signed(attributes: Attributes): Attributes {
  const jwt = attributes["intercom_user_jwt"];
  if (typeof jwt !== "string") return attributes;
  const left = ["user_id", "user_hash", ...Object.keys(claims(jwt))];
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !left.includes(name)));
}
