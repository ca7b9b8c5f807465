"""What the browser tests share: addresses, a page that writes down what it should not have done."""
# ruff: noqa: E501  (what runs in the page reads better in long lines)

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

LANGS = ("en", "zh-Hans", "zh-Hant")
PAGES = (
    "/",
    "/explore",
    "/claims",
    "/city",
    "/city/shenzhen",
    "/company",
    "/company/byd",
    "/company/bandu",
    "/data",
    "/data/gdp",
    "/claim/gdp_overtaken",
    "/embed/gdp_overtaken",
    "/present",
    "/present/gdp_overtaken",
    "/api/v1/",
    "/search?q=hangzhou",
    "/glossary",
    "/method",
    "/changes",
    "/corrections",
    "/document/163_com_kki7tujc0512b07b_html_4050c782",
)
"""One page of each kind; `bandu` is a company about which nothing is public."""
MATRIX = (
    *PAGES,
    "/city/shenzhen?with=hangzhou",
    "/company/deepseek?with=unitree",
    "/explore?v=heat",
    "/explore?v=table",
    "/claim/bandu_display",
    "/nothing_here",
    "/city/shenzen",
)
"""Every kind of page in every state that its address can name, errors included."""
COLOURS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "contrast": "no-preference", "forced_colors": "none"},
    "more contrast": {"color_scheme": "light", "contrast": "more", "forced_colors": "none"},
    "more contrast, dark": {"color_scheme": "dark", "contrast": "more", "forced_colors": "none"},
    "forced colours": {"color_scheme": "dark", "contrast": "no-preference", "forced_colors": "active"},
}
REPEATED = (
    ".claim ~ .claim ~ .claim ~ .claim, section tbody tr ~ tr ~ tr ~ tr ~ tr, .ledger tbody tr:nth-child(n + 17),"
    " #entities li:nth-child(n + 9), [role=listbox] > :nth-child(n + 9)"
)
"""Claims, rows and choices after the first few of their kind; `benchmarks/axe.py` measures them all."""
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": LEVELS, "resultTypes": ["violations"], "preload": False}  # no style turns with the screen
ONLY_COLOURS = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What other colours can change; words and structure are the same in all of them."""
SCREENS = {"desktop": (1440, 900), "phone": (390, 844), "400 %": (320, 256)}
"""A screen of 1280 × 1024 at 400 % has the room of 320 × 256."""

POINT = """async (id) => {
  const box = [...document.querySelectorAll(`#figure-${id} .drawn`)].find((drawn) => drawn.offsetWidth);
  const { lang, dataset } = document.documentElement;
  const address = `${dataset.root}/api/v1/figures/${id}.points.json?lang=${lang}&form=${box.dataset.form}`;
  const { series } = await (await fetch(address)).json();
  const line = series.find((points) => points.length > 3);
  const [x, y] = line[Math.floor(line.length / 2)];
  const at = box.querySelector('svg').getScreenCTM();
  return [at.a * x + at.e, at.d * y + at.f];
}"""
"""Where, on the screen, a point of a chart is."""

# What a page does to itself is written down from its first moment.
OBSERVE = """
window.__shift = 0;
window.__shifted = [];
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) {
    window.__shift += e.value;
    for (const s of e.sources || []) window.__shifted.push((s.node && (s.node.id || s.node.className || s.node.nodeName)) + "");
  }
}).observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`));
"""


@dataclass
class Watch:
    """What a page asked for and complained about."""

    home: str
    strangers: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def on(self, page: Any) -> None:
        """Watch ``page`` from now on."""
        page.on("request", self._request)
        page.on("console", lambda m: self.console.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.console.append(f"pageerror: {e}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob"):
            return
        if f"{parts.scheme}://{parts.netloc}" != self.home:
            self.strangers.append(request.url)

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # the test went on to the next page
            self.failed.append(f"{request.url}: {request.failure}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.url}: {response.status}")

    @property
    def faults(self) -> list[str]:
        """What no page may do, whatever a test does to it."""
        return self.strangers + [line for line in self.console if line.startswith("pageerror")]

    @property
    def all(self) -> list[str]:
        """Everything that should not have been."""
        return self.strangers + self.console + self.failed

    def clear(self) -> None:
        """Begin anew with the next page."""
        self.strangers, self.console, self.failed = [], [], []


def ready(page: Any) -> None:
    """Wait until what script adds is there: the explorer has drawn; the fonts are in."""
    if page.locator("#explore").count():
        page.wait_for_selector("#stage.hydrated, #stage[hidden]", state="attached")
    page.evaluate("document.fonts.ready.then(() => true)")


def violations(page: Any, options: dict[str, Any] = RULES) -> list[str]:
    """What breaks a rule of axe; of many claims and rows of one form only the first few are measured."""
    page.evaluate("(repeated) => document.querySelectorAll(repeated).forEach((e) => e.remove())", REPEATED)
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {n['target']} {n['html'][:120]}" for v in found for n in v["nodes"][:3]]
