// The list of conversations: open, rename, delete.

import { element, find } from "./dom.js";
import { titleOf } from "./store.js";

export class Sidebar {
  /// - open, rename, remove: called with a conversation.
  constructor({ open, rename, remove }) {
    this.actions = { open, rename, remove };
    this.root = find("sidebar");
    find("open-sidebar").addEventListener("click", () => this.reveal(true));
    find("close-sidebar").addEventListener("click", () => this.reveal(false));
    addEventListener("keydown", (event) => { if (event.key === "Escape") this.reveal(false); });
    document.addEventListener("pointerdown", (event) => {
      if (this.isRevealed && !this.root.contains(event.target)) this.reveal(false);
    });
  }

  get isRevealed() { return this.root.classList.contains("shown"); }

  /// Shows or hides the list where it lies over the page.
  reveal(isShown) {
    if (isShown === this.isRevealed) return;
    this.root.classList.toggle("shown", isShown);
    find("open-sidebar").setAttribute("aria-expanded", String(isShown));
    (isShown ? find("close-sidebar") : find("open-sidebar")).focus();
  }

  show(conversations, current) {
    find("conversations").replaceChildren(...conversations.map((conversation) => this.#row(conversation, conversation.id === current)));
  }

  #row(conversation, isCurrent) {
    const title = titleOf(conversation);
    const row = element("li");
    const open = element("button", { type: "button", className: "open", title }, title);
    open.addEventListener("click", () => { this.actions.open(conversation); this.reveal(false); });
    if (isCurrent) {
      row.dataset.current = "";
      open.setAttribute("aria-current", "true");
    }
    row.append(open, element("span", { className: "tools" },
      this.#tool("✎", "Rename", title, () => this.#rename(row, conversation)),
      this.#tool("✕", "Delete", title, (button) => this.#confirm(button, conversation))));
    return row;
  }

  #tool(sign, label, title, run) {
    const button = element("button", { type: "button", className: "tool", title: label }, sign);
    button.setAttribute("aria-label", `${label} “${title}”`);
    button.addEventListener("click", () => run(button));
    return button;
  }

  #rename(row, conversation) {
    const field = element("input", { value: titleOf(conversation), maxLength: 120 });
    field.setAttribute("aria-label", "Name of the conversation");
    let isDone = false;
    const finish = (isKept) => {
      if (isDone) return;
      isDone = true;
      this.actions.rename(conversation, isKept ? field.value.trim() : conversation.title);
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); finish(true); }
      if (event.key === "Escape") { event.stopPropagation(); finish(false); }
    });
    field.addEventListener("blur", () => finish(true));
    row.replaceChildren(field);
    field.select();
  }

  /// The second press deletes.
  #confirm(button, conversation) {
    if (button.dataset.armed) return this.actions.remove(conversation);
    button.dataset.armed = "yes";
    button.textContent = "Sure?";
    const disarm = () => { delete button.dataset.armed; button.textContent = "✕"; };
    button.addEventListener("blur", disarm, { once: true });
    return undefined;
  }
}
