// Messages as they are seen.

import { describeStats, splitThinking } from "./answer.js";
import { CodeBlock, copyText } from "./code.js";
import { element, formatBytes } from "./dom.js";
import { MarkdownView } from "./markdown.js";

function action(label, run, name = label) {
  const button = element("button", { type: "button", className: "quiet" }, label);
  button.setAttribute("aria-label", name);
  button.addEventListener("click", () => run(button));
  return button;
}

/// What somebody said; can be edited in place.
export class UserView {
  /// - save: called with the new text.
  constructor(message, save) {
    this.message = message;
    this.save = save;
    this.root = element("article", { className: "message user" });
    this.root.setAttribute("aria-label", "You");
    this.show();
  }

  show() {
    const parts = [];
    if (this.message.text) parts.push(element("div", { className: "said" }, this.message.text));
    for (const file of this.message.files ?? []) parts.push(fileView(file));
    const actions = element("div", { className: "actions" },
      this.edit = action("Edit", () => this.startEditing(), "Edit this message"),
      action("Copy", (button) => copyText(this.message.text, button), "Copy this message"));
    this.root.replaceChildren(...parts, actions);
  }

  startEditing() {
    const field = element("textarea", { value: this.message.text, rows: Math.min(14, this.message.text.split("\n").length + 1) });
    field.setAttribute("aria-label", "Edited message");
    const cancel = () => { this.show(); this.edit.focus(); };
    const save = () => { if (field.value.trim() || this.message.files?.length) this.save(field.value.trim()); };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); cancel(); }
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); }
    });
    const send = action("Send", save);
    send.className = "";
    this.root.replaceChildren(element("div", { className: "edit" }, field,
      element("div", { className: "actions" }, send, action("Cancel", cancel),
        element("span", { className: "faint" }, "What came after it goes away."))));
    field.focus();
  }
}

function fileView({ name, text }) {
  const details = element("details", {}, element("summary", {}, `${name} · ${formatBytes(new Blob([text]).size)}`));
  // Long files are drawn when somebody looks.
  details.addEventListener("toggle", () => {
    if (details.childElementCount > 1) return;
    const block = new CodeBlock(name.includes(".") ? name.split(".").at(-1) : "", name);
    block.update(text);
    details.append(block.root);
  });
  return details;
}

/// What a model answers.
export class AssistantView {
  /// - actions: regenerate().
  constructor(message, { regenerate }) {
    this.message = message;
    this.body = element("div", { className: "markdown" });
    this.markdown = new MarkdownView(this.body);
    this.thoughts = null;
    this.problem = null;
    this.stats = element("span", { className: "stats" });
    this.footer = element("div", { className: "actions" }, this.stats,
      action("Copy", (button) => copyText(splitThinking(message.text).text, button), "Copy this answer"),
      action("Regenerate", regenerate, "Regenerate this answer"));
    this.root = element("article", { className: "message assistant" }, this.body, this.footer);
    this.root.setAttribute("aria-label", message.model || "Assistant");
    this.update(false);
  }

  /// Shows what the message has by now.
  update(isGrowing) {
    const { thinking, text } = splitThinking(this.message.text);
    this.#showThoughts((this.message.thinking ?? "") + thinking, isGrowing && !text);
    this.markdown.update(text, isGrowing);
    this.body.classList.toggle("waiting", isGrowing);
    this.root.setAttribute("aria-busy", String(isGrowing));
    for (const button of this.footer.querySelectorAll("button")) button.hidden = isGrowing;
    this.stats.textContent = [describeStats(this.message.stats ?? {}), ending(this.message.reason)].filter(Boolean).join(" · ");
  }

  #showThoughts(text, areGrowing) {
    if (!text) return;
    if (!this.thoughts) {
      this.thoughts = element("details", { className: "thinking" }, element("summary"), element("div", { className: "text" }));
      this.root.prepend(this.thoughts);
    }
    this.thoughts.firstChild.textContent = areGrowing ? "Thinking…" : "Thoughts";
    this.thoughts.lastChild.textContent = text.trim();
  }

  /// Says what failed and what to do about it.
  /// - retry: asks again; - controls: nodes for the case.
  showProblem(error, retry, controls = []) {
    const advice = error.advice ? [element("p", {}, error.advice)] : [];
    this.problem = element("div", { className: "problem" },
      element("p", { className: "what" }, error.message), ...advice,
      element("div", { className: "row" }, ...controls, element("button", { type: "button", onclick: retry }, "Try again")));
    this.footer.before(this.problem);
    this.footer.hidden = !this.message.text;
  }
}

function ending(reason) {
  return { stopped: "stopped", length: "cut at the token limit", failed: "incomplete" }[reason] ?? "";
}

/// Nothing was said yet.
export function welcome(model) {
  return element("div", { className: "welcome" },
    element("h1", {}, "What are you working on?"),
    element("p", {}, `${model || "The model"} answers from the server of this page. Conversations are kept in this browser only.`));
}
