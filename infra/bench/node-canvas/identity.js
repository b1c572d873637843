// Aliases and their keyed hashes, as the crate `identity` makes them.

import { createHmac, hkdfSync } from "node:crypto";

const master = Buffer.from(process.env.MASTER_KEY, "hex");
const keys = new Map();

// Kind and value of everything that may lead to the contact's people.
export function aliasesOf(workspace, contact) {
  const external = contact.external_id?.trim();
  return [
    contact.id && ["contact_id", `${workspace}/${contact.id}`],
    external && contact.role !== "lead" && ["user_id", external],
    external && contact.role !== "user" && ["visitor_id", external],
    contact.email && ["email", contact.email.trim().toLowerCase()],
  ].filter(Boolean);
}

// What stands for an alias in keys.
export function hash(organization, [kind, value]) {
  const text = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(text.length));
  const mac = createHmac("sha256", keyOf(organization));
  return mac.update(kind).update(Buffer.of(0)).update(length).update(text).digest("hex");
}

function keyOf(organization) {
  let key = keys.get(organization);
  if (!key) {
    const info = `recapt-intercom/1/alias hash/${organization}`;
    key = Buffer.from(hkdfSync("sha256", master, Buffer.alloc(0), info, 64));
    keys.set(organization, key);
  }
  return key;
}
