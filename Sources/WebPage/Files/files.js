// Text files that go with the next message.

import { element, find, formatBytes, toast } from "./dom.js";

const largest = 256 * 1024;
const most = 20;

export class Attachments {
  constructor() {
    this.files = [];
    this.list = find("attachments");
    const input = find("files");
    find("attach").addEventListener("click", () => input.click());
    input.addEventListener("change", async () => {
      await this.add(input.files);
      input.value = "";
      find("prompt").focus();
    });
    this.#acceptDrops(find("composer"));
  }

  /// Takes files that are texts of a bearable size.
  async add(files) {
    for (const file of files) {
      if (this.files.length >= most) { toast(`At most ${most} files go with a message.`); break; }
      if (file.size > largest) { toast(`${file.name} has ${formatBytes(file.size)}; at most ${formatBytes(largest)} fit.`); continue; }
      const text = decode(await file.arrayBuffer());
      if (text === null) { toast(`${file.name} is not a text file in UTF-8.`); continue; }
      this.files.push({ name: file.name, text });
    }
    this.#draw();
  }

  /// What is attached, which then no longer is.
  take() {
    const { files } = this;
    this.files = [];
    this.#draw();
    return files;
  }

  #draw() {
    this.list.hidden = this.files.length === 0;
    this.list.replaceChildren(...this.files.map((file, index) => {
      const remove = element("button", { type: "button", className: "icon" }, "✕");
      remove.setAttribute("aria-label", `Remove ${file.name}`);
      remove.addEventListener("click", () => { this.files.splice(index, 1); this.#draw(); find("prompt").focus(); });
      return element("li", {}, element("span", {}, file.name), remove);
    }));
  }

  #acceptDrops(target) {
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      target.classList.add("over");
    });
    addEventListener("dragleave", (event) => { if (!event.relatedTarget) target.classList.remove("over"); });
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      target.classList.remove("over");
      this.add(event.dataTransfer.files);
    });
    find("prompt").addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this.add(event.clipboardData.files);
    });
  }
}

/// The text of some bytes; null where they are none.
function decode(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text.replaceAll("\r\n", "\n");
  } catch {
    return null;
  }
}
