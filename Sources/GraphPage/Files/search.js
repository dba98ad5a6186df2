// The search box: a combobox over the names of all nodes.

const HITS = 40;

class Search {
  constructor(graph, select) {
    this.graph = graph;
    this.select = select;
    this.box = find("query");
    this.list = find("hits");
    this.hits = [];
    this.active = -1;
    this.names = Array.from({ length: graph.count }, (_, node) => (graph.isSymbol(node) ? graph.symbols.name[node - graph.fileCount] : graph.name(node)));
    this.lowered = this.names.map((name) => name.toLowerCase());
    this.box.addEventListener("input", () => this.look());
    this.box.addEventListener("focus", () => this.look());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => this.close());
    // A press on an item must not take the focus away before its click comes.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-place]");
      if (item) this.choose(Number(item.dataset.place));
    });
  }

  open() {
    this.box.focus();
    this.box.select();
  }

  close() {
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  look() {
    const text = this.box.value.trim();
    if (!text) return this.close();
    this.hits = this.matches(text);
    this.list.replaceChildren(...this.hits.map((node, place) => this.item(node, place)));
    if (!this.hits.length) this.list.append(element("li", { className: "nothing" }, "Nothing is called that."));
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    this.activate(this.hits.length ? 0 : -1);
    announce(plural(this.hits.length, "hit"));
  }

  item(node, place) {
    const { graph } = this;
    const where = graph.isSymbol(node) ? `${graph.path(node)}:${graph.startLine(node)}` : graph.path(node);
    const item = element("li", { id: `hit-${place}` },
      element("span", { className: `dot ${KINDS[graph.group[node]]}` }),
      element("span", { className: "label" }, graph.isSymbol(node) ? graph.qualifiedName(node) : graph.name(node)),
      element("span", { className: "place" }, element("bdi", {}, where)));
    item.dataset.place = place;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    return item;
  }

  /** The best first: the name itself, its beginning, a part that begins a word, any part; and among equals what matters more. */
  matches(text) {
    const { graph } = this;
    const parts = text.toLowerCase().split(/::|[.:\s/]+/).filter(Boolean);
    const last = parts.at(-1);
    if (!last) return [];
    const found = [];
    for (let node = 0; node < graph.root; node += 1) {
      const name = this.lowered[node];
      const place = name.indexOf(last);
      if (place < 0) continue;
      let score = name === last ? 4 : place === 0 ? 3 : this.beginsWord(node, place) ? 2 : 1;
      if (this.names[node] === text) score += 0.5;
      if (parts.length > 1) {
        // What stands before must be found in what is around, in that order.
        const around = `${graph.path(node)}/${graph.qualifiedName(node)}`.toLowerCase();
        let from = 0;
        const isAround = parts.every((part) => {
          from = around.indexOf(part, from);
          return from >= 0 && (from += part.length);
        });
        if (!isAround) continue;
      }
      if (graph.group[node] === VALUE) score -= 0.4;
      found.push({ node, score });
    }
    found.sort((a, b) => b.score - a.score || graph.weight[b.node] - graph.weight[a.node] || a.node - b.node);
    return found.slice(0, HITS).map((hit) => hit.node);
  }

  beginsWord(node, place) {
    const name = this.names[node];
    const [before, first] = [name[place - 1], name[place]];
    return !/[A-Za-z0-9]/.test(before) || (/[A-Z]/.test(first) && /[a-z0-9]/.test(before));
  }

  activate(place) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const item = place >= 0 ? this.list.children[place] : null;
    if (!item) return this.box.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", item.id);
  }

  key(event) {
    const count = this.hits.length;
    if (event.key === "ArrowDown" && count) this.activate((this.active + 1) % count);
    else if (event.key === "ArrowUp" && count) this.activate((this.active + count - 1) % count);
    else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape") {
      this.box.value = "";
      this.close();
      find("map").focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(place) {
    this.close();
    this.select(this.hits[place]);
    find("map").focus();
  }
}
