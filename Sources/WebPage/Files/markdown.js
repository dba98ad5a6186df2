// Markdown as nodes, block by block. While a text grows, finished blocks stay as they are; only the last is made anew,
// and a last block of code grows by lines.

import { CodeBlock } from "./code.js";
import { element } from "./dom.js";
import { appendInline } from "./inline.js";

const fence = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;
const heading = /^ {0,3}(#{1,6})(?:\s+(.*))?$/;
const rule = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const quote = /^ {0,3}>\s?/;
const item = /^( {0,3})([-*+]|\d{1,9}[.)])(\s+|$)/;
const tableRule = { test: (line) => /^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?$/.test(line.trim()) };
const isBlank = (line) => /^\s*$/.test(line);
const deepest = 8;

/// Shows a text that grows.
export class MarkdownView {
  constructor(root) {
    this.root = root;
    this.text = "";
    /// Where the blocks begin that are not final.
    this.offset = 0;
    this.tail = [];
    this.openCode = null;
  }

  /// - text: begins with what was shown before, where `isGrowing` was true then.
  update(text, isGrowing = false) {
    if (!text.startsWith(this.text)) this.#restart();
    this.text = text;
    const rest = text.slice(this.offset);
    const lines = rest.split("\n");
    const blocks = readBlocks(lines, 0);
    // A block is final when the next one has certainly begun: the beginning of a line can look like many things.
    let final = blocks.length;
    if (isGrowing) {
      final = Math.max(0, blocks.length - 1);
      const last = blocks.at(-1);
      if (last && last.start === lines.length - 1 && lines.at(-1).length < 8) final = Math.max(0, final - 1);
    }
    const keepsCode = Boolean(this.openCode && blocks[0]?.code);
    for (const node of this.tail.splice(keepsCode ? 1 : 0)) node.remove();
    if (keepsCode) this.openCode.update(blocks[0].code.text);
    else this.openCode = null;
    for (const [index, block] of blocks.entries()) {
      if (index === 0 && keepsCode) {
        if (final > 0) [this.tail, this.openCode] = [[], null];
        continue;
      }
      const node = block.build();
      this.root.append(node);
      if (index < final) continue;
      this.tail.push(node);
      // The line of the fence itself is complete: what follows can only be code.
      if (block.code && index === final && block.start < lines.length - 1) this.openCode = block.code.view;
    }
    if (final > 0) {
      const line = final < blocks.length ? blocks[final].start : lines.length;
      this.offset += lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
      this.offset = Math.min(this.offset, text.length);
    }
  }

  #restart() {
    this.root.replaceChildren();
    [this.offset, this.tail, this.openCode] = [0, [], null];
  }
}

/// The blocks of some lines: where each begins, and what makes its node.
function readBlocks(lines, depth) {
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    if (isBlank(lines[at])) { at += 1; continue; }
    const block = readBlock(lines, at, depth);
    blocks.push({ start: at, ...block });
    at = block.end;
  }
  return blocks;
}

function readBlock(lines, at, depth) {
  const line = lines[at];
  const fenced = fence.exec(line);
  if (fenced) return readFence(lines, at, fenced);
  const head = heading.exec(line);
  if (head) return { end: at + 1, build: () => inlineElement(`h${Math.min(6, head[1].length + 2)}`, (head[2] ?? "").trim().replace(/ #+$/, "")) };
  if (rule.test(line)) return { end: at + 1, build: () => element("hr") };
  if (depth < deepest && quote.test(line)) return readQuote(lines, at, depth);
  if (depth < deepest && item.test(line)) return readList(lines, at, depth);
  if (/^(?: {4}|\t)/.test(line)) return readIndented(lines, at);
  if (line.includes("|") && tableRule.test(lines[at + 1] ?? "") && lines[at + 1].includes("-")) {
    const columns = cells(line).length;
    if (columns > 1 && cells(lines[at + 1]).length === columns) return readTable(lines, at);
  }
  return readParagraph(lines, at);
}

function inlineElement(name, text) {
  const node = element(name);
  appendInline(node, text);
  return node;
}

function codeBlock(end, info, text) {
  const code = { text, view: null };
  return { end, code, build: () => {
    code.view = new CodeBlock(info);
    code.view.update(text);
    return code.view.root;
  } };
}

function readFence(lines, at, [, mark, info]) {
  const indent = /^ */.exec(lines[at])[0].length;
  const close = new RegExp(`^ {0,3}[${mark[0]}]{${mark.length},}\\s*$`);
  const code = [];
  let end = at + 1;
  while (end < lines.length && !close.test(lines[end])) {
    code.push(lines[end].replace(new RegExp(`^ {0,${indent}}`), ""));
    end += 1;
  }
  const isClosed = end < lines.length;
  // While the last line may become the closing fence, it is not shown as code.
  if (!isClosed && code.length && /^\s*(`{1,}|~{1,})$/.test(code.at(-1))) code.pop();
  return codeBlock(isClosed ? end + 1 : end, info.trim(), code.join("\n"));
}

function readIndented(lines, at) {
  let end = at;
  while (end < lines.length && (/^(?: {4}|\t)/.test(lines[end]) || isBlank(lines[end]))) end += 1;
  while (isBlank(lines[end - 1])) end -= 1;
  return codeBlock(end, "", lines.slice(at, end).map((line) => line.replace(/^(?: {4}|\t)/, "")).join("\n"));
}

function readQuote(lines, at, depth) {
  let end = at;
  while (end < lines.length && (quote.test(lines[end]) || (end > at && !startsBlock(lines[end])))) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(quote, ""));
  return { end, build: () => {
    const node = element("blockquote");
    for (const block of readBlocks(inner, depth + 1)) node.append(block.build());
    return node;
  } };
}

function readList(lines, at, depth) {
  const [, , first] = item.exec(lines[at]);
  const isOrdered = /\d/.test(first);
  const kind = first.at(-1);
  const items = [];
  let isLoose = false;
  let end = at;
  while (end < lines.length) {
    const found = item.exec(lines[end]);
    if (!found || found[2].at(-1) !== kind || rule.test(lines[end])) break;
    const width = found[1].length + found[2].length + (found[3].length > 4 || !found[3] ? 1 : found[3].length);
    const inner = [lines[end].slice(found[0].length)];
    end += 1;
    for (; end < lines.length; end += 1) {
      const line = lines[end];
      const indent = /^\s*/.exec(line)[0].replaceAll("\t", "    ").length;
      if (isBlank(line)) {
        const next = lines.slice(end + 1).find((each) => !isBlank(each));
        if (next === undefined || /^\s*/.exec(next)[0].replaceAll("\t", "    ").length < width) break;
      } else if (indent < Math.min(width, 2) || (indent < width && item.exec(line)?.[2].at(-1) === kind)) {
        // A line without indentation goes on with the paragraph above it.
        if (startsBlock(line) || item.test(line) || isBlank(lines[end - 1])) break;
      }
      inner.push(isBlank(line) ? "" : line.replaceAll("\t", "    ").slice(Math.min(indent, width)));
    }
    items.push(inner);
    const blanks = lines.slice(end).findIndex((each) => !isBlank(each));
    if (blanks > 0 && item.test(lines[end + blanks])) {
      isLoose = true;
      end += blanks;
    } else if (blanks !== 0) {
      break;
    }
  }
  return { end, build: () => {
    const list = element(isOrdered ? "ol" : "ul");
    if (isOrdered && parseInt(first, 10) !== 1) list.start = parseInt(first, 10);
    for (const inner of items) list.append(listItem(inner, isLoose, depth));
    return list;
  } };
}

function listItem(lines, isLoose, depth) {
  const node = element("li");
  const task = /^\[([ xX])\]\s+/.exec(lines[0]);
  if (task) {
    lines = [lines[0].slice(task[0].length), ...lines.slice(1)];
    node.append(task[1] === " " ? "☐ " : "☑ ");
  }
  for (const block of readBlocks(lines, depth + 1)) {
    const child = block.build();
    if (!isLoose && child.localName === "p") node.append(...child.childNodes);
    else node.append(child);
  }
  return node;
}

/// The cells of a row; a bar after a backslash or within code does not part them.
function cells(line) {
  const row = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  const found = [""];
  let isCode = false;
  for (let at = 0; at < row.length; at += 1) {
    if (row[at] === "\\" && row[at + 1] === "|") { found[found.length - 1] += "|"; at += 1; continue; }
    if (row[at] === "`") isCode = !isCode;
    if (row[at] === "|" && !isCode) found.push("");
    else found[found.length - 1] += row[at];
  }
  return found.map((cell) => cell.trim());
}

function readTable(lines, at) {
  const sides = cells(lines[at + 1]).map((cell) =>
    cell.startsWith(":") && cell.endsWith(":") ? "center" : cell.endsWith(":") ? "right" : "left");
  let end = at + 2;
  while (end < lines.length && !isBlank(lines[end]) && lines[end].includes("|")) end += 1;
  const row = (line, name) => {
    const texts = cells(line);
    return element("tr", {}, ...sides.map((side, index) => {
      const cell = inlineElement(name, texts[index] ?? "");
      cell.className = side;
      return cell;
    }));
  };
  return { end, build: () => element("div", { className: "table", tabIndex: 0 }, element("table", {},
    element("thead", {}, row(lines[at], "th")),
    element("tbody", {}, ...lines.slice(at + 2, end).map((line) => row(line, "td"))))) };
}

/// Whether a line would interrupt a paragraph.
function startsBlock(line) {
  const found = item.exec(line);
  return isBlank(line) || fence.test(line) || heading.test(line) || rule.test(line) || quote.test(line)
    || (found && found[3] !== "" && !/^\d{2,}|^[02-9]/.test(found[2]));
}

function readParagraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && !startsBlock(lines[end]) && !/^\s*(=+|-+)\s*$/.test(lines[end])) {
    if (lines[end].includes("|") && tableRule.test(lines[end + 1] ?? "")) break;
    end += 1;
  }
  const text = lines.slice(at, end).map((line) => line.trimStart()).join("\n").trimEnd();
  const underline = /^\s*(=+|-{2,})\s*$/.exec(lines[end] ?? "");
  if (underline && end === at + 1) {
    return { end: end + 1, build: () => inlineElement(underline[1][0] === "=" ? "h3" : "h4", text) };
  }
  // An underline below several lines means nothing here: it becomes part of the text, or a rule by itself.
  if (end < lines.length && /^\s*(=+|-+)\s*$/.test(lines[end]) && !rule.test(lines[end])) {
    const rest = readParagraph(lines, end);
    return { end: rest.end, build: () => inlineElement("p", [text, ...lines.slice(end, rest.end)].join("\n")) };
  }
  return { end, build: () => inlineElement("p", text) };
}
