"""Uses the page of a graph in a headless Chromium, and prints the name of each check that passed.

    page_test.py PAGE

The graph is that of GraphPageTests.swift.
"""
import os
import sys
import urllib.parse

# Compiled files among the sources would be taken for resources.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "ServerTests"))
from browser import Browser  # noqa: E402

PAGE = "file://" + urllib.parse.quote(os.path.abspath(sys.argv[1]))


def passed(name):
    print(name, flush=True)


def expect(condition, facts=""):
    if not condition:
        raise AssertionError(facts)


class Page(Browser):
    def __init__(self):
        super().__init__()
        self.requests = []
        self.call("Network.enable")

    def note(self, event):
        super().note(event)
        if event.get("method") == "Network.requestWillBeSent":
            self.requests.append(event["params"]["request"]["url"])

    def open(self, url):
        # Another address of the same page would not open it anew.
        self.call("Page.navigate", url="about:blank")
        self.wait("location.href === 'about:blank'")
        super().open(url)

    def wait_for_page(self):
        self.wait("!window.isOld && document.readyState === 'complete' && Boolean(window.page)")

    def key(self, key, **more):
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=key)

    def title(self):
        return self.evaluate("document.querySelector('#panel-title').textContent")

    def items(self, name):
        """The names in a list of the panel; none when there is no such list."""
        return self.evaluate(f"[...document.querySelectorAll('#list-{name} .label')].map((node) => node.textContent)")

    def search(self, text):
        self.evaluate("document.querySelector('#query').focus(); document.querySelector('#query').value = ''")
        self.type(text)
        return self.evaluate("[...document.querySelectorAll('#hits [role=option]')].map((node) => node.innerText.split('\\n')[0])")

    def click_box(self, address, top=False):
        """A real click on a box of the map."""
        where = self.wait(f"""(() => {{
          const {{ map, scene, graph }} = page;
          if (map.moving) return null;
          const box = scene.boxes.get(graph.find({address!r}));
          const place = document.querySelector('#map').getBoundingClientRect();
          const y = box.y + (box.isOpen || {str(top).lower()} ? 12 : box.h / 2);
          return [place.x + map.view.x + (box.x + box.w / 2) * map.view.scale, place.y + map.view.y + y * map.view.scale];
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=where[0], y=where[1], button="left", clickCount=1)

    def is_open(self, address):
        return self.evaluate(f"page.scene.isOpen(page.graph.find({address!r}))")


def check_load(page):
    page.open(PAGE)
    expect(page.title() == "sample", page.title())
    expect(page.evaluate("document.title") == "sample – code graph")
    expect(set(page.items("members")) >= {"shapes", "lib", "main.py"}, page.items("members"))
    # Something was drawn.
    colors = page.evaluate("""(() => {
      const canvas = document.querySelector('#map');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    })()""")
    expect(colors > 20, colors)
    passed("load")


def check_same(page):
    """The map is the same each time."""
    places = "JSON.stringify([...page.scene.boxes.values()])"
    first = page.evaluate(places)
    page.open(PAGE)
    expect(page.evaluate(places) == first)
    passed("same map")


def check_clicks(page):
    page.evaluate("page.scene.closeAll(); for (const node of [...page.scene.open]) page.scene.setOpen(node, false); page.map.fit(page.graph.root, false)")
    page.click_box("shapes/")
    page.wait("page.scene.isOpen(page.graph.find('shapes/'))")
    expect(page.title() == "shapes")
    page.click_box("shapes/base.py")
    page.wait("page.scene.isOpen(page.graph.find('shapes/base.py'))")
    expect(page.items("members") and "Shape" in page.items("members"), page.items("members"))
    expect(page.items("imports") == ["tools.py"], page.items("imports"))
    expect(page.items("importers") == ["main.py"], page.items("importers"))
    page.click_box("shapes/base.py:Shape")
    page.wait("page.scene.isOpen(page.graph.find('shapes/base.py:Shape'))")
    expect(page.title() == "Shape")
    expect(page.items("subtypes") == ["Circle"], page.items("subtypes"))
    expect("Something with an area." == page.evaluate("document.querySelector('.doc').textContent"))
    page.click_box("shapes/base.py:Shape.area")
    page.wait("document.querySelector('#panel-title').textContent === 'Shape.area'")
    expect(page.items("callers") == ["Shape.double"], page.items("callers"))
    expect(page.items("overridden") == ["Circle.area"], page.items("overridden"))
    expect(page.evaluate("document.querySelector('pre').textContent").startswith("def area(self)"))
    # A click on the name of what is open selects it, and one more closes it.
    page.click_box("shapes/base.py")
    page.wait("document.querySelector('#panel-title').textContent === 'base.py'")
    page.click_box("shapes/base.py")
    page.wait("!page.scene.isOpen(page.graph.find('shapes/base.py'))")
    passed("clicks")


def check_panel(page):
    page.evaluate("page.select(page.graph.find('shapes/tools.py:scale'))")
    expect(set(page.items("callers")) == {"Shape.double", "Circle.area"}, page.items("callers"))
    page.click("#list-callers button")
    name = page.title()
    expect(name in ("Shape.double", "Circle.area"), name)
    expect("scale" in page.items("callees"), page.items("callees"))
    expect(page.evaluate("document.activeElement.id") == "panel-title")
    # What nothing uses has a box only when it is asked for.
    unused = "page.scene.boxes.has(page.graph.find('main.py:everything'))"
    page.evaluate("page.select(page.graph.find('main.py')); page.scene.isOpen(page.scene.selected) || page.toggle(page.scene.selected)")
    expect(not page.evaluate(unused))
    page.evaluate("page.select(page.graph.find('main.py:everything'))")
    expect(page.evaluate(unused))
    page.click("#trail button", index=0)
    expect(page.title() == "sample")
    passed("panel")


def check_search(page):
    page.evaluate("document.querySelector('#map').focus()")
    page.key("/")
    expect(page.evaluate("document.activeElement.id") == "query")
    hits = page.search("area")
    expect({"Shape.area", "Circle.area", "area"} == set(hits[:3]) and hits[3:] == ["area.py"], hits)
    active = "document.querySelector('#query').getAttribute('aria-activedescendant')"
    expect(page.evaluate(active) == "hit-0")
    page.key("ArrowDown")
    expect(page.evaluate(active) == "hit-1")
    expect(page.evaluate("document.querySelector('#hit-1').ariaSelected") == "true")
    wanted = page.evaluate("document.querySelector('#hit-1 .label').textContent")
    page.press("Enter")
    expect(page.title() == wanted, page.title())
    expect(page.evaluate("document.querySelector('#hits').hidden"))
    expect(page.search("circle.area") == ["Circle.area"], page.search("circle.area"))
    expect(page.search("base circle") == ["Circle"], page.search("base circle"))
    expect(page.search("tools") == ["tools.py"])
    expect(page.search("zzz") == [])
    page.press("Escape")
    expect(page.evaluate("document.activeElement.id") == "map")
    passed("search")


def check_addresses(page):
    page.open(PAGE + "#shapes/base.py:Circle.area")
    expect(page.title() == "Circle.area", page.title())
    expect(page.items("overrides") == ["Shape.area"])
    page.evaluate("page.select(page.graph.find('lib/'))")
    expect(page.evaluate("decodeURIComponent(location.hash)") == "#lib/")
    page.evaluate("history.back()")
    page.wait("document.querySelector('#panel-title').textContent === 'Circle.area'")
    page.open(PAGE + "#main.py:3")
    expect(page.title() in ("main.py", "everything"), page.title())
    page.open(PAGE + "#no/such/thing")
    expect(page.title() == "sample")
    # Every symbol has an address that leads back to it, unless another stands in the same line.
    lost = page.evaluate("""(() => {
      const { graph } = page;
      return Array.from({ length: graph.count }, (_, node) => node)
        .filter((node) => graph.find(graph.address(node)) !== node).map((node) => graph.address(node));
    })()""")
    expect(lost == [], lost)
    passed("addresses")


def check_keyboard(page):
    page.open(PAGE)
    page.evaluate("document.querySelector('#map').focus()")
    seen = set()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight"):
        page.key(key)
        seen.add(page.title())
    expect(len(seen) > 2, seen)
    expect(page.evaluate("document.querySelector('#notices').textContent.length > 5"))
    page.evaluate("page.select(page.graph.find('shapes/base.py'))")
    was = page.is_open("shapes/base.py")
    page.evaluate("document.querySelector('#map').focus()")
    page.press("Enter")
    expect(page.is_open("shapes/base.py") != was)
    page.press("Escape")
    expect(page.title() == "shapes", page.title())
    page.key("?", text="?")
    expect(page.evaluate("document.querySelector('#help').open"))
    page.evaluate("document.querySelector('#help').close()")
    # The first stop leads past everything to the panel, and the address stays.
    page.evaluate("document.querySelector('#skip').focus()")
    page.press("Enter")
    expect(page.evaluate("document.activeElement.id") == "panel-title")
    expect(page.title() == "shapes")
    # What can be clicked has a name.
    nameless = page.evaluate("""[...document.querySelectorAll('button, input, canvas, [role]')]
      .filter((node) => !(node.textContent.trim() || node.ariaLabel || node.labels?.length || node.getAttribute('aria-labelledby')))
      .map((node) => node.outerHTML.slice(0, 100))""")
    expect(nameless == [], nameless)
    passed("keyboard")


def check_lines(page):
    page.open(PAGE)
    page.evaluate("page.select(page.graph.find('shapes/base.py:Shape.double'))")
    count = page.evaluate("page.scene.lines.length")
    page.click("#legend-edges input")
    fewer = page.evaluate("page.scene.lines.length")
    expect(fewer < count, (fewer, count))
    page.click("#legend-edges input")
    expect(page.evaluate("page.scene.lines.length") == count)
    # What lines stand for, all together, is what the graph has between boxes.
    sums = page.evaluate("""(() => {
      const { scene, graph } = page;
      const boxes = (edge) => [scene.boxOf(graph.from[edge]), scene.boxOf(graph.to[edge])];
      const apart = [...graph.to.keys()].map(boxes).filter(([a, b]) => a !== b && !graph.contains(a, b) && !graph.contains(b, a));
      return [scene.lines.reduce((sum, line) => sum + line.weight, 0), apart.length];
    })()""")
    expect(sums[0] == sums[1] and sums[0] > 0, sums)
    passed("lines")


def check_hostile(page):
    page.open(PAGE)
    expect(page.evaluate("window.hacked") is None)
    hits = page.search("hacked")
    expect(hits[0] == "hacked" and any("<img src=x onerror=window.hacked=1>" in hit for hit in hits), hits)
    page.press("Enter")
    expect("<img src=x onerror=window.hacked=2>" in page.evaluate("document.body.innerText"))
    expect(page.evaluate("document.querySelectorAll('img, #panel script, #hits script').length") == 0)
    page.reload()
    expect("hacked" in page.evaluate("document.querySelector('.where').textContent"))
    expect(page.evaluate("window.hacked") is None)
    passed("hostile names")


CONTRAST = """(() => {
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const shine = (color) => {
    probe.fillStyle = color;
    probe.fillRect(0, 0, 1, 1);
    const parts = [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ratio = (a, b) => { const [x, y] = [shine(a), shine(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const { colors } = page.map;
  const poor = [];
  for (const ground of ['paper', 'raised', 'sunken']) {
    for (const ink of ['ink', 'faint']) if (ratio(colors[ink], colors[ground]) < 4.5) poor.push([ink, ground]);
    for (const mark of ['folder', 'file', 'type', 'function', 'value', 'out', 'in', 'accent']) {
      if (ratio(colors[mark], colors[ground]) < 3) poor.push([mark, ground]);
    }
  }
  return poor;
})()"""


def check_themes(page):
    page.open(PAGE)
    for scheme in ("light", "dark"):
        page.prefer(scheme)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        expect(page.evaluate(CONTRAST) == [], (scheme, page.evaluate(CONTRAST)))
    before = page.evaluate("page.map.colors.paper")
    page.click("#theme")
    expect(page.evaluate("page.map.colors.paper") != before)
    passed("themes")


def check_phone(page):
    page.size(360, 740, mobile=True)
    page.open(PAGE)
    expect(page.evaluate("document.documentElement.scrollWidth") <= 360, page.evaluate("document.documentElement.scrollWidth"))
    expect(page.evaluate("document.querySelector('#map').clientHeight") > 150)
    page.size(1280, 800)
    passed("phone")


def check_policy(page):
    expect(page.complaints == [], page.complaints)
    expect(page.evaluate("window.violations") == [], page.evaluate("window.violations"))
    others = [url for url in page.requests if not url.startswith(("file:", "about:", "data:image/svg+xml"))]
    expect(others == [], others)
    # The watch itself works: what the policy forbids is noticed.
    page.evaluate("fetch('https://example.org/x').catch(() => null)")
    page.wait("window.violations.some((line) => line.startsWith('connect-src'))")
    passed("no network")


def main():
    page = Page()
    try:
        for check in (check_load, check_same, check_clicks, check_panel, check_search, check_addresses, check_keyboard,
                      check_lines, check_hostile, check_themes, check_phone, check_policy):
            check(page)
    finally:
        page.close()


main()
