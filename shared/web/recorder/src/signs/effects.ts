// Effects that are heard as events: what a click did where no mutation shows it.

import { type Win, listen, origin } from "./listen";
import { type Effect, SAME_MS, type Signs } from "./signs";

/** A window that loses the focus while something else opens says nothing of its own. */
const BLUR_MS = 200;
const CAUSE_MS = 1_000;
const STILL_THERE_MS = 1_000;

/** What is told by nothing but its event. */
const PLAIN: Record<string, Effect> = {
  beforeprint: "print",
  copy: "copy",
  cut: "copy",
  enterpictureinpicture: "window",
  fullscreenchange: "fullscreen",
  webkitfullscreenchange: "fullscreen",
};

export function watchEffects(win: Win, signs: Signs): () => void {
  const ends = [
    listen(win, Object.keys(PLAIN), (event) => {
      const kind = PLAIN[event.type];
      if (event.isTrusted && kind) signs.effect(kind, element(origin(event)));
    }),
    listen<ToggleEvent>(win, ["toggle"], (event) => toggled(event, signs)),
    watchClicks(win, signs),
    watchNavigations(win, signs),
  ];
  if (win === win.top || win === window) ends.push(watchBlur(win, signs));
  return () => ends.forEach((end) => end());
}

function toggled(event: ToggleEvent, signs: Signs): void {
  const on = element(origin(event));
  // A `details` has an attribute for it, which rrweb records.
  const kind = on?.hasAttribute("popover") ? "popover" : on?.localName === "dialog" ? "dialog" : undefined;
  if (on && kind && event.isTrusted) signs.toggle(kind, on, event.newState === "open");
}

/** What opens by a click that nobody has prevented. */
function watchClicks(win: Win, signs: Signs): () => void {
  const roots = new WeakMap<EventTarget, () => void>();
  const hear = (event: Event) => {
    const path = event.composedPath();
    // A toggle does not leave its shadow: whoever clicks in one may open something there.
    for (const root of path) {
      if (root instanceof win.ShadowRoot && !roots.has(root)) {
        roots.set(root, listen<ToggleEvent>(root, ["toggle"], (toggle) => toggled(toggle, signs)));
      }
    }
    // A form opens something when it is sent, and not at any click within it.
    const isOpener = (node: EventTarget) => (event.type === "submit" || !(node instanceof win.HTMLFormElement)) && Boolean(opens(node, win));
    const opener = path.find((node): node is Element => isOpener(node));
    const kind = opener && opens(opener, win);
    // Once everybody has heard it; by then it is known whether the page let it happen.
    if (kind) setTimeout(() => event.defaultPrevented || signs.effect(kind, opener), 0);
  };
  return listen(win, ["click", "submit"], hear);
}

/** What a click on an element opens outside of the page, if anything. */
export function opens(node: unknown, win: Win): Effect | undefined {
  const { localName, type, href, download, target } = (node ?? {}) as HTMLAnchorElement;
  if (localName === "input") return type === "file" && isActive(win) ? "file" : undefined;
  if ((localName !== "a" && localName !== "area") || !href) return localName === "form" && opensWindow(target, win) ? "window" : undefined;
  if ((node as Element).hasAttribute("download") && download !== undefined) return "download";
  return opensWindow(target, win) ? "window" : undefined;
}

/** Not of a form with a field of that name. */
function opensWindow(target: unknown, win: Win): boolean {
  return typeof target === "string" && target !== "" && !/^_(self|parent|top)$/i.test(target) && !(target in win.frames);
}

/** A chooser opens for whoever has just clicked, and for no script alone. */
export function isActive(win: Win): boolean {
  return win.navigator.userActivation?.isActive ?? true;
}

interface NavigateEvent extends Event {
  destination: { url: string; sameDocument: boolean };
  downloadRequest: string | null;
  sourceElement?: Element | null;
}

/**
 * Navigations that leave the page where it is, in browsers that tell of them: downloads, also by links that
 * stand on no page; other programs; and what the server answers with a file, as it seems when the page is
 * still there after a second.
 */
function watchNavigations(win: Win, signs: Signs): () => void {
  const { navigation } = win as { navigation?: EventTarget };
  let timer: unknown;
  if (!navigation) return () => {};
  const hear = ({ destination: { url, sameDocument }, downloadRequest, sourceElement }: NavigateEvent) => {
    if (typeof downloadRequest === "string") signs.effect("download", sourceElement);
    else if (!/^(https?|about|blob|data|file|javascript):/.test(url)) signs.effect("blur");
    // Firefox announces a download a second time, as a navigation.
    else if (!sameDocument && !signs.hadEffect(SAME_MS)) {
      // A page that goes there by itself is there by then.
      timer = setTimeout(() => win.location.href === url || signs.effect("download"), STILL_THERE_MS);
    }
  };
  const ends = [
    listen(navigation, ["navigate"], hear),
    listen(win, ["pagehide"], () => clearTimeout(timer as number)),
  ];
  return () => ends.forEach((end) => end());
}

/** The window loses the focus and stays in sight, with no other cause: such as to a mail program. */
function watchBlur(win: Win, signs: Signs): () => void {
  const look = () => {
    const { document } = win;
    const isElsewhere = document.visibilityState === "visible" && !document.hasFocus();
    const isInFrame = document.activeElement?.localName === "iframe";
    if (isElsewhere && !isInFrame && !signs.hadEffect(CAUSE_MS)) signs.effect("blur");
  };
  return listen(win, ["blur"], ({ target, isTrusted }) => {
    if (target === win && isTrusted) setTimeout(look, BLUR_MS);
  });
}

function element(node: Node | undefined): Element | undefined {
  return node?.nodeType === 1 ? (node as Element) : undefined;
}
