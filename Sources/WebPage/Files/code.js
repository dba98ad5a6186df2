// A block of code with its name, a copy button, and colors; it can grow line by line.

import { element } from "./dom.js";
import { languageOf, readLine } from "./highlight.js";

export class CodeBlock {
  /// - info: what stands behind the fence; - title: shown in its place.
  constructor(info, title = info) {
    this.language = languageOf(info);
    this.code = element("code");
    this.text = "";
    this.lineStart = 0;
    this.open = null;
    this.tail = [];
    const copy = element("button", { type: "button", className: "quiet" }, "Copy");
    copy.addEventListener("click", () => copyText(this.text, copy));
    const pre = element("pre", { tabIndex: 0 }, this.code);
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", title ? `Code, ${title}` : "Code");
    this.root = element("div", { className: "code" }, element("div", { className: "bar" }, element("span", {}, title), copy), pre);
  }

  /// Shows `text`; quick where it begins with what was shown before.
  update(text) {
    if (!text.startsWith(this.text)) {
      this.code.replaceChildren();
      [this.lineStart, this.open, this.tail] = [0, null, []];
    }
    this.text = text;
    for (const node of this.tail) node.remove();
    let end;
    while ((end = text.indexOf("\n", this.lineStart)) >= 0) {
      this.open = this.#append(text.slice(this.lineStart, end), []);
      this.code.append("\n");
      this.lineStart = end + 1;
    }
    this.tail = [];
    // The last line may go on: what is open after it is not known yet.
    if (this.lineStart < text.length) this.#append(text.slice(this.lineStart), this.tail);
  }

  #append(line, nodes) {
    const { pieces, open } = this.language ? readLine(line, this.language, this.open) : { pieces: [["", line]], open: null };
    for (const [kind, text] of pieces) nodes.push(kind ? element("span", { className: kind }, text) : document.createTextNode(text));
    if (nodes.length) this.code.append(...nodes);
    return open;
  }
}

/// Copies and says so on the button.
export async function copyText(text, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = copyOldWay(text) ? "Copied" : "Could not copy";
  }
  setTimeout(() => { button.textContent = label; }, 1500);
}

/// The clipboard proper needs HTTPS or localhost.
function copyOldWay(text) {
  const field = element("textarea", { value: text, className: "unseen" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
