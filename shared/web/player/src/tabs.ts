// The lists beside the recording, of which one is shown: tabs, as the ARIA Authoring Practices have them.

export function connectTabs(side: HTMLElement, onOpen: (panel: string) => void): void {
  const list = side.querySelector("[role='tablist']") as HTMLElement;
  const tabs = [...list.querySelectorAll<HTMLButtonElement>("[role='tab']")];
  const open = (tab: HTMLButtonElement) => {
    for (const other of tabs) {
      const isOpen = other === tab;
      other.setAttribute("aria-selected", String(isOpen));
      other.tabIndex = isOpen ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = !isOpen;
    }
    onOpen(tab.getAttribute("aria-controls") ?? "");
  };
  list.hidden = false;
  for (const tab of tabs) tab.addEventListener("click", () => open(tab));
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const tab = tabs[step % tabs.length];
    if (tab) open(tab);
    tab?.focus();
  });
}
