// Links to our pages with what opens them, as the crate `platform` signs it.

import { createHmac, hkdfSync } from "node:crypto";

const PUBLIC_URL = process.env.PUBLIC_URL;
const LIFETIME_S = 12 * 3600;
const PURPOSE = "viewing";
const master = Buffer.from(process.env.MASTER_KEY, "hex");
const key = Buffer.from(hkdfSync("sha256", master, Buffer.alloc(0), "recapt-intercom/1/signed values", 32));

// A recording, so many seconds after its start.
export function recording(connection, session, seconds) {
  return `${PUBLIC_URL}/sessions/${session}?t=${seconds}&key=${sign(link(connection, { s: session }))}`;
}

// All sessions of these people.
export function allSessions(connection, people) {
  return `${PUBLIC_URL}/sessions?key=${sign(link(connection, { p: people }))}`;
}

function link({ organization, workspace, links_epoch: epoch }, scope) {
  return { o: organization.S, w: workspace.S, n: Number(epoch?.N ?? 0), v: scope };
}

function sign(value) {
  const signed = { e: Math.ceil((Date.now() / 1000 + LIFETIME_S) / 60) * 60, v: value };
  const payload = Buffer.from(JSON.stringify(signed)).toString("base64url");
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(PURPOSE.length));
  const mac = createHmac("sha256", key).update(Buffer.of(1)).update(length).update(PURPOSE).update(payload);
  return `${payload}.${mac.digest("base64url")}`;
}
