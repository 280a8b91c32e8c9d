// The tabs of a page on a phone: the one whose part is in sight is marked. What is in sight is the stylesheet's.

/** Marks the present tab, now and whenever another part is chosen. */
export function startTabs() {
  const tabs = [...document.querySelectorAll(".tabs a")];
  const mark = () => {
    const here = tabs.find((tab) => tab.hash === location.hash) ?? tabs.find((tab) => tab.hash === `#${paneOfTarget()}`) ?? tabs[0];
    for (const tab of tabs) tab.toggleAttribute("aria-current", tab === here);
    here.setAttribute("aria-current", "true");
  };
  globalThis.addEventListener("hashchange", mark);
  mark();
}

function paneOfTarget() {
  return document.querySelector(":target")?.closest(".pane")?.id ?? "";
}
