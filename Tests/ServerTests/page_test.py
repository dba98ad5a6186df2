"""Uses the web page in a headless Chromium, and prints the name of each check that passed.

    page_test.py URL [KEY]

The model behind URL is PageModel.swift: `say TEXT` answers TEXT, `slowly TEXT` says it until it is stopped.
"""
import os
import sys
import tempfile

# Compiled files among the sources would be taken for resources.
sys.dont_write_bytecode = True
from browser import Browser  # noqa: E402

URL = sys.argv[1]
KEY = sys.argv[2] if len(sys.argv) > 2 else None
SHIFT = 8
IDLE = "document.querySelector('#stop').hidden"
ANSWERS = "document.querySelectorAll('.assistant')"
HOSTILE = """<img src=x onerror="window.hacked=1"> <script>window.hacked=2</script>
[click](javascript:window.hacked=3) ![x](https://example.org/beacon.png) <svg onload=window.hacked=4>
`<b>code</b>` <a href="javascript:window.hacked=5">a</a> [x](data:text/html,<script>window.hacked=6</script>)"""
MARKDOWN = """# Title

Some **bold**, *slanted*, `code` and [a link](https://example.org/a_b).

- one
- two
  1. inner

| a | b |
|---|--:|
| 1 | 2 |

> quoted

```python
def f(x):
    return "a # b"  # comment
```

The end."""


def passed(name):
    print(name, flush=True)


def expect(condition, facts=""):
    if not condition:
        raise AssertionError(facts)


class Page(Browser):
    def ask(self, text, waits=True):
        count = self.evaluate(f"{ANSWERS}.length")
        self.evaluate("document.querySelector('#prompt').focus()")
        self.type(text)
        self.press("Enter")
        self.wait(f"{ANSWERS}.length > {count}")
        if waits:
            self.wait(IDLE)

    def last(self, what="innerText", inside=".markdown"):
        return self.evaluate(f"[...{ANSWERS}].at(-1).querySelector('{inside}').{what}")

    def count(self, selector):
        return self.evaluate(f"document.querySelectorAll({selector!r}).length")

    def settle(self):
        """Two frames: all that was to be drawn is drawn."""
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def check_load(page):
    page.open(URL)
    expect(page.evaluate("document.title") == "Martlet")
    expect(page.evaluate("document.querySelector('#model').value") == "test:1")
    expect(page.evaluate("document.activeElement.id") == "prompt")
    passed("load")


def check_stream(page):
    page.ask("slowly word ", waits=False)
    early = page.wait(f"[...{ANSWERS}].at(-1).innerText.length > 10 && [...{ANSWERS}].at(-1).innerText.length")
    page.wait(f"[...{ANSWERS}].at(-1).innerText.length > {early + 20}")
    page.press("Escape")
    page.wait(IDLE)
    page.ask("say Hello there")
    expect(page.last() == "Hello there", page.last())
    stats = page.last(inside=".stats")
    expect("4 tokens" in stats and "first after" in stats, stats)
    passed("stream")


def check_markdown(page):
    page.ask("say " + MARKDOWN)
    for selector in ("h3", "strong", "em", "p > code", "ul > li ol > li", "table td.right", "blockquote p", ".code pre"):
        expect(page.evaluate(f"Boolean([...{ANSWERS}].at(-1).querySelector('.markdown {selector}'))"), selector)
    link = page.evaluate(f"(({{ href, rel, target }}) => [href, rel, target])([...{ANSWERS}].at(-1).querySelector('a'))")
    expect(link == ["https://example.org/a_b", "noopener noreferrer", "_blank"], link)
    # What came bit by bit looks like what comes at once.
    grown = page.last("innerHTML")
    page.reload()
    page.wait(f"{ANSWERS}.length >= 3")
    expect(page.last("innerHTML") == grown, f"{grown}\n---\n{page.last('innerHTML')}")
    passed("markdown")


GROWTH = """(async () => {
  const { MarkdownView } = await import("/page/markdown.js");
  let seed = 7;
  const random = (below) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % below; };
  const parts = ["word", "**bold", "**", "*", "_a_", "`", "```", "```py", "~~~", "- one", "1. two", "2. three", "   more", "    code",
    "> quote", "# head", "---", "===", "| a | b |", "|---|---|", "[x](https://a.b)", "https://a.b/c", "<i>", "\\\\*", "![p](q)", "* * *", "  - in"];
  for (let round = 0; round < 400; round += 1) {
    let text = "";
    for (let count = random(14); count >= 0; count -= 1) text += parts[random(parts.length)] + ["\\n", "\\n\\n", " "][random(3)];
    const [whole, grown] = [document.createElement("div"), document.createElement("div")];
    new MarkdownView(whole).update(text, false);
    const view = new MarkdownView(grown);
    for (let at = 0; at < text.length; at += 1 + random(5)) view.update(text.slice(0, at), true);
    view.update(text, false);
    if (whole.innerHTML !== grown.innerHTML) return [text, whole.innerHTML, grown.innerHTML];
    const lost = (text.match(/[a-z]+/g) ?? []).filter((word) => !whole.innerHTML.includes(word) && word !== "py");
    if (lost.length) return [text, whole.innerHTML, lost];
  }
  // Hostile texts take no more than a moment: none of them makes the work grow with the square of its length.
  for (const piece of ["*", "_", "[", "`", "> ", "- ", "**a ", "[a](", "|", "#", "~~", "<", "\\\\", "  "]) {
    new MarkdownView(document.createElement("div")).update(piece.repeat(20000), false);
  }
  return null;
})()"""


def check_growth(page):
    """A text that comes in pieces looks like the same text that comes at once, and loses nothing."""
    expect(page.evaluate(GROWTH) is None, page.evaluate(GROWTH))
    passed("growth")


def check_hostile(page):
    page.ask("say " + HOSTILE)
    page.settle()
    expect(page.evaluate("window.hacked") is None)
    expect(page.last("querySelectorAll('img, script, svg, b').length") == 0)
    expect(page.last("querySelectorAll('a[href^=\"javascript\"], a[href^=\"data\"]').length") == 0)
    expect('<img src=x onerror="window.hacked=1">' in page.last(), page.last())
    expect(page.last("querySelector('code').textContent") == "<b>code</b>")
    passed("hostile text")


def check_highlighting(page):
    page.ask('say ```swift\nlet a = "x // y" // why\n/* one\ntwo */ struct B { func c() {} }\n```')
    pieces = page.evaluate(
        f"[...[...{ANSWERS}].at(-1).querySelectorAll('.code span[class]')].map((node) => node.className + node.textContent)")
    for piece in ("klet", 's"x // y"', "c// why", "c/* one", "ctwo */", "kstruct", "tB", "fc"):
        expect(piece in pieces, pieces)
    text = page.evaluate(f"[...{ANSWERS}].at(-1).querySelector('pre').textContent")
    expect(text == 'let a = "x // y" // why\n/* one\ntwo */ struct B { func c() {} }', text)
    passed("highlighting")


def check_stop(page):
    page.ask("slowly again ", waits=False)
    page.wait(f"[...{ANSWERS}].at(-1).innerText.includes('again')")
    page.click("#stop")
    page.wait(IDLE)
    expect("stopped" in page.last(inside=".stats"))
    kept = page.last()
    page.settle()
    expect(page.last() == kept and "again" in kept)
    passed("stop")


def check_edit(page):
    page.click("#new")
    page.ask("say first")
    page.ask("say second")
    expect(page.count(".message") == 4)
    page.click(".user .actions button")
    expect(page.evaluate("document.activeElement.value") == "say first")
    page.evaluate("document.activeElement.select()")
    page.type("say changed")
    page.press("Enter")
    page.wait(f"{ANSWERS}.length === 1 && {IDLE}")
    expect(page.last() == "changed" and page.count(".message") == 2, page.last())
    passed("edit")


def check_regenerate(page):
    page.evaluate(f"[...{ANSWERS}].at(-1).dataset.old = 'yes'")
    page.click(".assistant .actions button", 1)
    page.wait(f"{ANSWERS}.length === 1 && !{ANSWERS}[0].dataset.old && {IDLE}")
    expect(page.last() == "changed", page.last())
    passed("regenerate")


def check_reload(page):
    page.open(URL)
    expect(page.count(".message") == 2 and page.last() == "changed")
    expect(page.evaluate("document.querySelector('[aria-current]').textContent") == "say changed")
    passed("reload")


def check_system(page):
    page.click("#toggle-settings")
    page.evaluate("document.querySelector('#system').focus()")
    page.type("Speak like a bird.")
    page.evaluate("document.querySelector('#sampling-temperature').focus()")
    page.type("0.3")
    page.press("Escape")
    expect(page.evaluate("document.querySelector('#settings').hidden"))
    page.ask("system")
    expect(page.last() == "Speak like a bird.", page.last())
    expect(page.evaluate("JSON.parse(localStorage['martlet.sampling']).temperature") == "0.3")
    passed("system prompt")


def check_files(page):
    with tempfile.TemporaryDirectory() as folder:
        paths = {"a.py": b"print('```')\n", "picture.png": b"\x89PNG\x00\xff", "large.txt": b"x" * 300_000}
        for name, content in paths.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
            paths[name] = os.path.join(folder, name)
        page.attach("#files", [paths["a.py"]])
        page.wait("document.querySelectorAll('#attachments li').length === 1")
        for name, words in (("picture.png", "not a text file"), ("large.txt", "at most 256 KiB")):
            page.attach("#files", [paths[name]])
            page.wait(f"document.querySelector('#toast').textContent.includes('{words}')")
        page.ask("say See")
    expect(page.count("#attachments li") == 0)
    expect(page.last().startswith("See\na.py:\n") or page.last().startswith("See\n\na.py:"), page.last())
    expect(page.evaluate(f"[...{ANSWERS}].at(-1).querySelector('pre').textContent") == "print('```')")
    expect(page.evaluate("[...document.querySelectorAll('.user summary')].at(-1).textContent") == "a.py · 13 B")
    passed("attachments")


def check_errors(page):
    page.ask("fail now")
    problem = page.evaluate("document.querySelector('.problem').innerText")
    expect("5000 tokens" in problem and "new conversation" in problem, problem)
    expect("fail now" not in page.evaluate("document.querySelector('#prompt').value"))
    page.click(".problem button")
    page.wait(f"document.querySelectorAll('.problem').length === 1 && {IDLE}")
    # The error is the server's, so it is the one complaint that is right.
    page.complaints = [line for line in page.complaints if "400 (Bad Request)" not in line]
    passed("errors")


def check_conversations(page):
    before = page.count("#conversations li")
    page.click("#new")
    page.ask("say one more")
    expect(page.count("#conversations li") == before + 1)
    page.click("#conversations li[data-current] .tool", 0)
    page.evaluate("document.activeElement.select()")
    page.type("A bird")
    page.press("Enter")
    page.wait("document.querySelector('[aria-current]').textContent === 'A bird'")
    page.click("#conversations li[data-current] .tool", 1)
    page.click("#conversations li[data-current] .tool", 1)
    page.wait(f"document.querySelectorAll('#conversations li').length === {before}")
    expect(page.count(".message") == 0 and page.count(".welcome") == 1)
    page.click("#conversations .open")
    page.wait("document.querySelectorAll('.message').length > 0")
    passed("conversations")


def check_keyboard(page):
    page.open(URL)
    page.evaluate("document.querySelector('#new').focus()")
    page.press("Space")
    expect(page.evaluate("document.activeElement.id") == "prompt")
    page.type("say a")
    page.press("Enter", SHIFT)
    page.type("b")
    expect(page.evaluate("document.querySelector('#prompt').value") == "say a\nb")
    page.press("Enter")
    page.wait(f"{ANSWERS}.length === 1 && {IDLE}")
    expect(page.last("textContent") == "a\nb", page.last())
    # Every control is reached by Tab, shows where it is, and has a name.
    names = set()
    for _ in range(60):
        page.press("Tab")
        found = page.evaluate("""(() => { const node = document.activeElement, style = getComputedStyle(node);
            const field = node.closest('.field'), ring = style.outlineStyle !== 'none' || (node.id === 'prompt' &&
              getComputedStyle(field).boxShadow !== 'none');
            const name = node.getAttribute('aria-label') || node.labels?.[0]?.textContent || node.textContent.trim();
            return [node.tagName + '#' + node.id, name, ring, node.getBoundingClientRect().width > 0]; })()""")
        if found[0].startswith("BODY"):
            continue
        expect(found[1] and found[2] and found[3], found)
        names.add(found[0].split("#")[1] or found[1])
    for name in ("new", "model", "toggle-activity", "toggle-settings", "prompt", "attach", "send", "theme",
                 "Edit this message", "Regenerate this answer"):
        expect(name in names, (name, names))
    # The live region says little.
    expect(page.evaluate("document.querySelector('#notices').textContent") == "Answer complete")
    expect(page.evaluate("document.querySelector('#thread').closest('[aria-live]')") is None)
    passed("keyboard")


def check_themes(page):
    def paper():
        return page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.prefer("light")
    light = paper()
    page.prefer("dark")
    dark = paper()
    expect(light != dark, (light, dark))
    for name, wanted in (("light", light), ("dark", dark), ("auto", dark)):
        page.evaluate(
            f"(() => {{ const select = document.querySelector('#theme'); select.value = '{name}';"
            " select.dispatchEvent(new Event('change')); })()")
        expect(paper() == wanted, (name, paper()))
        page.open(URL)
        expect(paper() == wanted, (name, paper()))
    # Text can be read: contrast of at least 4.5 to 1 (WCAG 2.1, AA).
    for scheme in ("light", "dark"):
        page.prefer(scheme)
        for name in ("ink", "faint", "accent", "error", "keyword", "string", "number", "comment", "type", "name"):
            for ground in ("paper", "sunken", "raised"):
                ratio = page.evaluate("""((name, ground) => {
                    const box = document.body.appendChild(document.createElement('i'));
                    const light = (color) => { box.style.color = `var(--${color})`;
                      const parts = getComputedStyle(box).color.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255)
                        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]; };
                    const [a, b] = [light(name), light(ground)].sort((x, y) => y - x);
                    box.remove();
                    return (a + 0.05) / (b + 0.05); })""" + f"('{name}', '{ground}')")
                expect(ratio >= 4.5, (scheme, name, ground, ratio))
    page.prefer("")
    passed("themes")


def check_phone(page):
    page.size(360, 640, mobile=True)
    page.open(URL)
    page.ask("say " + MARKDOWN + "\n\n" + "```c\n" + "int x = 1; " * 30 + "\n```\n\n" + "https://example.org/" + "a" * 200)
    for panel in ("#toggle-settings", "#toggle-activity"):
        page.click(panel)
        page.settle()
        expect(page.evaluate("document.documentElement.scrollWidth") <= 360, panel)
        page.press("Escape")
    widths = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('#scroller').scrollWidth,"
        " document.querySelector('#send').getBoundingClientRect().right]")
    expect(all(width <= 360 for width in widths), widths)
    page.click("#open-sidebar")
    page.wait("document.querySelector('#new').getBoundingClientRect().left >= 0")
    page.wait("getComputedStyle(document.querySelector('#sidebar')).visibility === 'visible'")
    page.press("Escape")
    page.wait("getComputedStyle(document.querySelector('#sidebar')).visibility === 'hidden'")
    page.size(1280, 800)
    passed("phone")


def check_live(page):
    page.click("#toggle-activity")
    text = page.wait("document.querySelectorAll('#live svg polyline').length > 0 && document.querySelector('#live').innerText")
    for words in ("1 of 2 busy", "3 waiting", "answering · tester", "1,024 of 4,096", "75 % of 4", "777", "3.0 MiB of 1.0 GiB"):
        expect(words in text, (words, text))
    page.click("[data-close=activity]")
    expect(page.evaluate("document.querySelector('#activity').hidden"))
    passed("live view")


def check_policy(page):
    expect(page.evaluate("window.violations") == [], page.evaluate("window.violations"))
    expect(page.complaints == [], page.complaints)
    # The watch itself works: what the policy forbids is noticed.
    page.evaluate("document.body.append(Object.assign(document.createElement('img'), { src: 'https://example.org/x.png' }))")
    page.wait("window.violations.some((line) => line.startsWith('img-src'))")
    passed("policy")


def check_key(page):
    page.open(URL)
    page.wait("document.querySelector('#model').textContent === 'Key needed'")
    page.ask("say in")
    page.wait("Boolean(document.querySelector('.problem input'))")
    page.evaluate("document.querySelector('.problem input').focus()")
    page.type(KEY)
    page.press("Enter")
    page.wait(f"!document.querySelector('.problem') && {IDLE}")
    expect(page.last() == "in", page.last())
    page.wait("document.querySelector('#model').value === 'test:1'")
    # The key is kept while the tab is open, and no longer unless that is asked for.
    page.open(URL)
    page.wait("document.querySelector('#model').value === 'test:1'")
    expect(page.evaluate("localStorage['martlet.key']") is None)
    expect(all("401" in line for line in page.complaints), page.complaints)
    passed("key")


def main():
    page = Page()
    try:
        if KEY:
            return check_key(page)
        for check in (check_load, check_stream, check_markdown, check_growth, check_hostile, check_highlighting, check_stop, check_edit,
                      check_regenerate, check_reload, check_system, check_files, check_errors, check_conversations,
                      check_keyboard, check_themes, check_phone, check_live, check_policy):
            check(page)
    finally:
        page.close()


main()
