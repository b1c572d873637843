// The first view of the panel. What the benchmark's event does not need (pages after the first, details of a
// session, a view that is higher than Intercom allows) is left out.

import { createHmac, timingSafeEqual } from "node:crypto";
import { aliasesOf } from "./identity.js";
import { allSessions, recording } from "./links.js";
import { findContact, newestSessions } from "./table.js";

const SESSIONS = 5;
// As many as fit below what happened before the conversation.
const SHOWN = 2;
const WITHIN_MS = 30 * 60_000;
const KINDS = { contact_id: "Intercom contact", user_id: "user ID", visitor_id: "Messenger visitor ID", email: "email" };
const formats = new Map();

// Answers a function URL's event.
export async function handle(event) {
  const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (!isSigned(body, event.headers["x-body-signature"])) {
    return { statusCode: 401 };
  }
  const canvas = await draw(JSON.parse(body));
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(canvas) };
}

function isSigned(body, signature = "") {
  const expected = createHmac("sha256", process.env.INTERCOM_CLIENT_SECRET).update(body).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function draw({ workspace_id: workspace, contact, conversation }) {
  if (!contact) {
    return view([{ type: "text", text: "Open a conversation with a contact." }]);
  }
  const organization = `org_${workspace}`;
  const { connection, kinds, people } = await findContact(workspace, organization, aliasesOf(workspace, contact));
  const began = { at: conversation.created_at * 1000, page: conversation.source.url };
  const [sessions, earlier] = await Promise.all([
    newestSessions(organization, people, SESSIONS + 1),
    newestSessions(organization, people, 1, began.at),
  ]);
  const timezone = connection.timezone.S;
  return view([
    ...before(connection, [...sessions.slice(0, SESSIONS), ...earlier], began, timezone),
    { type: "text", text: `Matched by ${kinds.map((kind) => KINDS[kind]).join(" and ")}`, style: "muted" },
    { type: "list", items: sessions.slice(0, SHOWN).map((session) => item(session, timezone)) },
    { type: "button", id: "more", label: "Show more", style: "link", action: { type: "submit" } },
    { type: "button", id: "all", label: "View all sessions", style: "link",
      action: { type: "url", url: allSessions(connection, people) } },
  ]);
}

function view(components) {
  return { canvas: { content: { components }, stored_data: {} } };
}

// What somebody did right before they wrote.
function before(connection, sessions, began, timezone) {
  const found = sessions.find(({ summary }) => {
    return Date.parse(summary.started_at) < began.at && began.at - Date.parse(summary.ended_at) <= WITHIN_MS;
  });
  if (!found) {
    return [];
  }
  const { id, summary } = found;
  const started = Date.parse(summary.started_at);
  const offset = Math.min(began.at - started, summary.duration_ms);
  const moments = summary.timeline.filter(({ at_ms, kind }) => at_ms <= offset && kind !== "resize" && kind !== "idle");
  const row = (at, value) => ({
    type: "field-value",
    field: format(at, timezone, { hour: "numeric", minute: "2-digit", second: "2-digit" }).replace(" ", ""),
    value,
  });
  const items = moments.slice(-3).map(({ at_ms, label, count }) => {
    return row(started + at_ms, count > 1 ? `${count}× ${label}` : label);
  });
  items.push(row(began.at, `Conversation began on ${new URL(began.page).pathname}`));
  const time = format(started + offset, timezone, { hour: "numeric", minute: "2-digit" }).replace(" ", "");
  const url = recording(connection, id, Math.floor(offset / 1000));
  const text = `**Before this conversation** · [Watch ${time}](${url})`;
  return [{ type: "text", text, bottom_margin: "none" }, { type: "data-table", items }];
}

function item({ cursor, summary }, timezone) {
  const day = format(Date.parse(summary.started_at), timezone, { year: "numeric", month: "short", day: "numeric" });
  const time = format(Date.parse(summary.started_at), timezone, { hour: "numeric", minute: "2-digit" }).replace(" ", "");
  return {
    type: "item",
    id: `session:${cursor}`,
    title: `${day} at ${time}`,
    subtitle: preview(summary),
    tertiary_text: new URL(summary.last_url).pathname,
    action: { type: "submit" },
  };
}

function preview({ duration_ms, active_ms, pages, counts }) {
  const { js_errors, console_errors, failed_requests, rage_clicks, dead_clicks } = counts;
  const happened = [
    [pages.length, "page"],
    [js_errors + console_errors + failed_requests, "error"],
    [rage_clicks, "rage click"],
    [dead_clicks, "dead click"],
  ].filter(([count]) => count > 0);
  const parts = happened.map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "s"}`);
  return [`${duration(duration_ms)}, ${duration(active_ms)} active`, ...parts].join(" · ");
}

function duration(ms) {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

// Formats are kept: making one takes longer than all the rest.
function format(at, timeZone, options) {
  const name = timeZone + Object.keys(options);
  let made = formats.get(name);
  if (!made) {
    made = new Intl.DateTimeFormat("en-US", { timeZone, ...options });
    formats.set(name, made);
  }
  return made.format(at).replace("\u202f", " ");
}
