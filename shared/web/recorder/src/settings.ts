// What a site says in its script tag.

export interface Settings {
  writeKey: string;
  /** Where recordings go, without a slash at the end. */
  endpoint: string;
  /** The share of sessions that is recorded, from 0 to 1. */
  sample: number;
  maskAllText: boolean;
  /** Selectors of what is masked or left out beyond the attributes and classes that always are. */
  mask?: string;
  block?: string;
}

/** The part of a script element that is read: tests have no DOM. */
export interface Tag {
  src: string;
  dataset: Record<string, string | undefined>;
}

/** The settings of a tag, or why it cannot be gone by. */
export function parse(tag: Tag): Settings | Error {
  const { writeKey, endpoint, sample, maskAllText, mask, block } = tag.dataset;
  if (!writeKey) return new Error("data-write-key is missing");
  let origin: string;
  try {
    origin = endpoint ? endpoint.replace(/\/+$/, "") : new URL(tag.src).origin;
    new URL(origin);
  } catch {
    return new Error("data-endpoint is not a URL");
  }
  const share = sample === undefined ? 1 : Number(sample || NaN);
  if (!(share >= 0 && share <= 1)) return new Error("data-sample is not a number from 0 to 1");
  const isSet = maskAllText !== undefined && maskAllText !== "false";
  return { writeKey, endpoint: origin, sample: share, maskAllText: isSet, mask, block };
}

/** Whether a tag asks for what the companion does. */
export function wantsCompanion({ analytics = "false", intercomAppId }: Tag["dataset"]): boolean {
  return analytics !== "false" || intercomAppId !== undefined;
}
