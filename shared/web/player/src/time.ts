// Times as people read them.

/** `1:05`, or `1:00:05` from an hour on. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** How long something is in words, as the beginning of a sentence; whether it is one thing. */
export function length(ms: number): { text: string; isOne: boolean } {
  if (ms < 1_000) return { text: "Less than a second", isOne: true };
  const text = spoken(ms);
  return { text, isOne: /^1 (hour|minute|second)$/.test(text) };
}

/** `1 minute 5 seconds`: for screen readers. */
export function spoken(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 3_600), "hour"],
    [Math.floor(seconds / 60) % 60, "minute"],
    [seconds % 60, "second"],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return said.join(" ") || "0 seconds";
}
