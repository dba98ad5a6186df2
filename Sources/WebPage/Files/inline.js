// Markdown within a paragraph: code, emphasis, links, line breaks. Images become links: this page loads nothing from
// elsewhere, and what a model writes must not be able to call home.

import { element } from "./dom.js";

const special = /[\\`*_~[!<\n]|https?:\/\//g;
const escapable = /[!-/:-@[-`{-~]/;
const deepest = 12;

/// Appends what `text` says to `parent`.
export function appendInline(parent, text, depth = 0) {
  let plain = "";
  let at = 0;
  // Marks that have no partner further on, so that no text is searched for the same one again and again.
  const lonely = new Set();
  const flush = () => {
    if (plain) parent.append(plain);
    plain = "";
  };
  while (at < text.length) {
    special.lastIndex = at;
    const next = special.exec(text)?.index ?? text.length;
    plain += text.slice(at, next);
    at = next;
    if (at === text.length) break;
    const found = depth < deepest && construct(text, at, lonely, depth);
    if (found) {
      flush();
      parent.append(found.node);
      at = found.end;
    } else if (text[at] === "\\" && escapable.test(text[at + 1] ?? "")) {
      plain += text[at + 1];
      at += 2;
    } else {
      // A run of the same character cannot begin anything in its middle.
      let end = at + 1;
      while (end < text.length && text[end] === text[at] && "`*_~".includes(text[at])) end += 1;
      plain += text.slice(at, end);
      at = end;
    }
  }
  flush();
}

function construct(text, at, lonely, depth) {
  switch (text[at]) {
    case "`": return codeSpan(text, at, lonely);
    case "*": case "_": case "~": return emphasis(text, at, lonely, depth);
    case "!": return text[at + 1] === "[" ? link(text, at + 1, lonely, depth) : null;
    case "[": return link(text, at, lonely, depth);
    case "<": return bracketed(text, at);
    case "h": return bareAddress(text, at);
    case "\n": return { node: /(\s\s|\\)$/.test(text.slice(Math.max(0, at - 2), at)) ? element("br") : "\n", end: at + 1 };
    default: return null;
  }
}

function runLength(text, at) {
  let end = at;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

function codeSpan(text, at, lonely) {
  const fence = "`".repeat(runLength(text, at));
  if (lonely.has(fence)) return null;
  let end = at + fence.length;
  for (;;) {
    end = text.indexOf(fence, end);
    if (end < 0) { lonely.add(fence); return null; }
    const length = runLength(text, end);
    if (length === fence.length) break;
    end += length;
  }
  let code = text.slice(at + fence.length, end).replaceAll("\n", " ");
  if (/^ .*[^ ].* $/.test(code)) code = code.slice(1, -1);
  return { node: element("code", {}, code), end: end + fence.length };
}

const marks = { "*": [null, "em", "strong"], _: [null, "em", "strong"], "~": [null, null, "del"] };
const wordCharacter = /[\p{L}\p{N}]/u;

function emphasis(text, at, lonely, depth) {
  const character = text[at];
  const length = Math.min(runLength(text, at), 3);
  const mark = character.repeat(length);
  const opensBeforeSpace = /\s|^$/.test(text[at + length] ?? "");
  if (opensBeforeSpace || lonely.has(mark)) return null;
  if (character === "_" && wordCharacter.test(text[at - 1] ?? "")) return null;
  const end = closing(text, at + length, mark);
  if (end < 0) { lonely.add(mark); return null; }
  const inner = text.slice(at + length, end);
  let node;
  if (length === 3 && character !== "~") {
    const strong = element("strong");
    appendInline(strong, inner, depth + 2);
    node = element("em", {}, strong);
  } else {
    const name = marks[character][length];
    if (!name) return null;
    node = element(name);
    appendInline(node, inner, depth + 1);
  }
  return { node, end: end + length };
}

/// Where the mark stands that ends an emphasis; -1 where none does.
function closing(text, from, mark) {
  let at = from;
  while ((at = text.indexOf(mark[0], at)) >= 0) {
    const length = runLength(text, at);
    const fits = length === mark.length || (length > mark.length && length === 3);
    const closesWord = mark[0] !== "_" || !wordCharacter.test(text[at + length] ?? "");
    if (fits && closesWord && !/\s/.test(text[at - 1]) && text[at - 1] !== "\\") return at + length - mark.length;
    at += length;
  }
  return -1;
}

function link(text, at, lonely, depth) {
  if (lonely.has("](")) return null;
  const middle = text.indexOf("](", at);
  if (middle < 0) { lonely.add("]("); return null; }
  const label = text.slice(at + 1, middle);
  if (label.includes("\n\n") || label.length > 1000) return null;
  const target = /^\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+["'(][^"')]*["')])?\s*\)/.exec(text.slice(middle + 1, middle + 2100));
  if (!target) return null;
  const node = anchor(target[1]);
  // No link within a link.
  if (/https?:\/\/|\]\(/.test(label) || !label) node.append(label || target[1]);
  else appendInline(node, label, depth + 1);
  return { node, end: middle + 1 + target[0].length };
}

/// `<https://...>`; other things in angle brackets are text.
function bracketed(text, at) {
  const found = /^<(https?:\/\/[^\s<>]{1,2000})>/.exec(text.slice(at, at + 2010));
  return found && { node: anchor(found[1], found[1]), end: at + found[0].length };
}

function bareAddress(text, at) {
  if (wordCharacter.test(text[at - 1] ?? "")) return null;
  const found = /^https?:\/\/[^\s<>"'`|]{1,2000}/.exec(text.slice(at, at + 2010));
  if (!found) return null;
  let address = found[0].replace(/[.,:;!?*_~\]]+$/, "");
  if (address.endsWith(")") && !address.includes("(")) address = address.slice(0, -1);
  return { node: anchor(address, address), end: at + address.length };
}

/// A link, where its address is harmless; else what it would have said.
function anchor(address, label = "") {
  let url = null;
  try { url = new URL(address); } catch { /* Relative addresses lead nowhere here. */ }
  if (!url || !["http:", "https:", "mailto:"].includes(url.protocol)) return element("span", { title: address }, label);
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, label);
}
