"""What a live page shows must be what a fresh load of it shows, whatever happened in between."""

from __future__ import annotations

from playwright.sync_api import Page

# Takes from a copy of the page what is its own and not the desk's: running clocks, who is here, what was just new,
# what scripts put in for the reader; sorts attributes, and lists whose items come in any order.
NORMAL = r"""
() => {
  const parts = document.querySelectorAll("[data-room-head], #main, #room-present");
  const kept = [...parts].map((part) => part.cloneNode(true));
  const gone = `[data-fresh-word], [data-presence], [data-keep], [data-log-head], [data-desk-time], .held, .said,
    .choices-list`;
  const moving = ".words, [data-age], [data-left], time, .rail";
  for (const part of kept) {
    for (const item of part.querySelectorAll(gone)) item.remove();
    for (const item of part.querySelectorAll(moving)) item.replaceChildren();
    for (const clock of part.querySelectorAll(".clk")) clock.querySelector(".t > .i")?.remove();
    for (const item of [part, ...part.querySelectorAll("*")]) normalise(item);
  }
  return kept.map((part) => written(part, "")).join("\n");

  function normalise(item) {
    item.classList.remove("fresh", "plain", "soon", "late");
    if (item.className === "") item.removeAttribute("class");
    item.removeAttribute("data-placed");
    const ordered = [...item.children].filter((child) => child.dataset?.order);
    const order = ({ dataset, id }) => `${dataset.order} ${id}`;
    item.append(...ordered.sort((one, other) => order(one).localeCompare(order(other), "en", { numeric: true })));
  }

  function written(node, indent) {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? indent + node.data.replace(/\s+/g, " ").trim() : "";
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    const attributes = [...node.attributes].map(({ name, value }) => `${name}="${value}"`).sort().join(" ");
    const inner = [...node.childNodes].map((child) => written(child, `${indent} `)).filter(Boolean);
    return [`${indent}<${node.localName} ${attributes}>`, ...inner].join("\n");
  }
}
"""


def normal(page: Page) -> list[str]:
    """The page in its normal form, line by line."""
    page.wait_for_function("() => desk.live.connected && desk.live.settled")
    page.evaluate("dispatchEvent(new Event('desk:reorder'))")
    written: str = page.evaluate(NORMAL)
    return written.split("\n")


def difference(live: Page) -> list[str]:
    """Lines in which the live page and a fresh load of the same address differ; none when they are equal."""
    fresh = live.context.new_page()
    fresh.goto(live.url)
    fresh.wait_for_function("() => globalThis.desk?.live?.connected && desk.live.settled")
    expected, found = normal(fresh), normal(live)
    fresh.close()
    missing = [f"- {line}" for line in expected if line not in found]
    return missing + [f"+ {line}" for line in found if line not in expected] + _moved(found, expected)


def _moved(found: list[str], expected: list[str]) -> list[str]:
    if sorted(found) != sorted(expected) or found == expected:
        return [] if found == expected else [f"{len(found)} lines, fresh {len(expected)}"]
    return [f"moved: {one}" for one, other in zip(found, expected, strict=True) if one != other][:5]
