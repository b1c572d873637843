// A person's traits as Intercom's Messenger takes them: flat, dates as Unix seconds under names that end
// in `_at`. Rules: developers.intercom.com/installing-intercom/web/attributes-objects, and what
// Segment's clients say.

import { type Traits, isName, object } from "../call";

export type Attributes = Record<string, unknown>;

/** How clients write what has a name of its own at Intercom. */
const NAMES: Record<string, string> = {
  createdAt: "created_at",
  created: "created_at",
  userHash: "user_hash",
  userId: "user_id",
  hideDefaultLauncher: "hide_default_launcher",
  unsubscribedFromEmails: "unsubscribed_from_emails",
  monthlySpend: "monthly_spend",
  employees: "size",
};
/** A number above is milliseconds: seconds of the year 5138. */
const LARGEST_SECONDS = 1e11;
const DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** The attributes of a person. */
export function attributes(traits: Traits): Attributes {
  const { firstName, lastName, company, companies, avatar, ...rest } = traits;
  const told = flat(rest);
  for (const name of ["user_id", "email"]) {
    // Nobody is named so.
    if (!isName(told[name])) delete told[name];
  }
  const name = [firstName, lastName].filter(isName).join(" ");
  if (name && told["name"] === undefined) told["name"] = name;
  // As custom data too, as Segment's clients tell them.
  Object.assign(told, flat({ firstName, lastName }));
  if (avatar !== undefined) told["avatar"] = isName(avatar) ? { type: "avatar", image_url: avatar } : avatar;
  const own = companyOf(object(company));
  if (own) told["company"] = own;
  const all = Array.isArray(companies) ? companies.map((each) => companyOf(object(each))).filter(Boolean) : [];
  if (all.length > 0) told["companies"] = all;
  return told;
}

/** A company; none without an id and a name, for the Messenger takes none. */
export function companyOf(traits: Traits): Attributes | undefined {
  const { id, company_id = id, ...rest } = traits;
  const told = flat(rest);
  return isName(company_id) && isName(told["name"]) ? { ...told, company_id } : undefined;
}

/**
 * Texts, numbers, truths and nothing (`null`); dates as seconds. Lists and objects have no place at
 * Intercom.
 */
function flat(traits: Traits): Attributes {
  const told: Attributes = {};
  for (const [key, value] of Object.entries(traits)) {
    const name = NAMES[key] ?? key;
    const seconds = date(name, value);
    if (seconds !== undefined) told[/(_at|At| at)$/.test(name) ? name : `${name}_at`] = seconds;
    else if (value === null || typeof value === "string" || typeof value === "boolean") told[name] = value;
    else if (typeof value === "number" && Number.isFinite(value)) told[name] = value;
  }
  return told;
}

/** Unix seconds of what is a date by its type, by its form, or by its name. */
function date(name: string, value: unknown): number | undefined {
  const isNamed = /_at$/.test(name);
  let milliseconds: number | undefined;
  if (value instanceof Date) milliseconds = value.getTime();
  else if (typeof value === "string" && DATE.test(value)) milliseconds = Date.parse(value.replace(" ", "T"));
  else if (isNamed && isName(value) && Number.isFinite(Number(value))) {
    const number = Number(value);
    milliseconds = Math.abs(number) < LARGEST_SECONDS ? number * 1_000 : number;
  }
  return milliseconds === undefined || Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1_000);
}
