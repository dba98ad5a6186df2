// The panel beside the map: all that is known of what is selected, in words. Whoever cannot see the map reads it here.

/** Items of a list that are shown at first. */
const ITEMS = 25;
/** Items of a list of the best. */
const BEST = 12;

class Panel {
  /** - actions: `select(node)` and `toggle(node)`. */
  constructor(place, scene, actions) {
    this.place = place;
    this.scene = scene;
    this.graph = scene.graph;
    this.actions = actions;
  }

  show(node) {
    const { graph } = this;
    this.place.replaceChildren(
      element("h1", { id: "panel-title", tabIndex: -1 }, graph.isSymbol(node) ? graph.qualifiedName(node) : graph.name(node)),
      element("p", { className: "kind" }, element("span", { className: `dot ${KINDS[graph.group[node]]}` }), this.facts(node)));
    if (graph.isSymbol(node)) this.showSymbol(node);
    else this.showContainer(node);
    this.place.scrollTop = 0;
  }

  facts(node) {
    const { graph } = this;
    if (graph.isSymbol(node)) return graph.kind(node);
    if (graph.isFolder(node)) {
      const place = node - graph.fileCount - graph.symbolCount;
      return `${graph.kind(node)} · ${plural(graph.fileCounts[place], "file")} · ${plural(graph.lineCounts[place], "line")}`;
    }
    const language = graph.files.language[node];
    const rank = graph.fileOrder[node];
    return [language || "text", plural(graph.files.lines[node], "line"), graph.files.test[node] ? "test" : "",
      `${rank + 1}. of ${graph.fileCount.toLocaleString("en")} in importance`].filter(Boolean).join(" · ");
  }

  add(...nodes) { this.place.append(...nodes); }

  showSymbol(node) {
    const { graph } = this;
    const symbol = node - graph.fileCount;
    const { signature, doc, line, lines } = graph.symbols;
    const last = line[symbol] + lines[symbol];
    this.add(
      element("p", { className: "where" }, `${graph.path(node)}:${line[symbol]}${last > line[symbol] ? `–${last}` : ""}`));
    this.acts(node);
    if (signature[symbol]) this.add(element("pre", {}, signature[symbol]));
    if (doc[symbol]) this.add(element("p", { className: "doc" }, doc[symbol]));
    const edges = (kind, isOut) => this.edges(node, kind, isOut);
    const isType = graph.group[node] === TYPE;
    this.list(isType ? "Made by" : "Called by", edges([CALL], false), "callers");
    this.list("Calls", edges([CALL], true), "callees");
    this.list("Inherits from", edges([INHERITS], true), "supertypes");
    this.list("Inherited by", edges([INHERITS], false), "subtypes");
    this.list("Stands in for", edges([OVERRIDES], true), "overrides");
    this.list("Replaced by", edges([OVERRIDES], false), "overridden");
    this.list("Members", this.items(graph.children[node], true), "members");
    this.list("Also used by", edges([EDGE_KINDS.indexOf("references")], false), "users");
    this.list("Also uses", edges([EDGE_KINDS.indexOf("references")], true), "uses");
    if (this.place.querySelector("ul") === null) {
      this.add(element("p", { className: "note" }, "Nothing here is known to use it, and it uses nothing that is known here."));
    }
  }

  showContainer(node) {
    const { graph } = this;
    if (node !== graph.root) this.add(element("p", { className: "where" }, graph.path(node) + (graph.isFolder(node) ? "/" : "")));
    this.acts(node);
    if (node === graph.root) for (const note of graph.notes) this.add(element("p", { className: "note" }, note));
    const isFile = !graph.isFolder(node);
    if (isFile && graph.files.left_out[node]) {
      this.add(element("p", { className: "note" }, `${plural(graph.files.left_out[node], "symbol")} of it are not in this page.`));
    }
    if (graph.children[node].length > SHOWN) {
      this.add(element("p", { className: "note" }, `The map shows the ${SHOWN} that matter most of what is in it.`));
    }
    const contents = this.items(graph.children[node], false);
    if (isFile) {
      this.list("Defines", contents, "members");
      this.list("Imports", this.edges(node, [IMPORTS], true), "imports");
      this.list("Imported by", this.edges(node, [IMPORTS], false), "importers");
      this.list("Uses most", this.summed(node, true), "uses");
      this.list("Used most by", this.summed(node, false), "users");
      return;
    }
    this.list("Holds", contents, "members");
    if (node === graph.root) this.list("Files that matter most", this.best(node, 0, graph.fileCount), "files");
    this.list("Used most in it", this.best(node, graph.fileCount, graph.fileCount + graph.symbolCount), "symbols");
    this.list("Uses", this.summed(node, true), "uses");
    this.list("Used by", this.summed(node, false), "users");
  }

  acts(node) {
    if (node === this.graph.root || !this.scene.canOpen(node)) return;
    const isOpen = this.scene.isOpen(node);
    this.add(element("div", { className: "acts" },
      element("button", { id: "toggle", onclick: () => this.actions.toggle(node) }, isOpen ? "Close on the map" : "Open on the map")));
  }

  // Lists

  items(nodes, inOrder) {
    const sorted = inOrder ? [...nodes].sort((a, b) => a - b) : nodes;
    return sorted.map((node) => ({ node, lines: [] }));
  }

  /** What matters most among the nodes of a range, inside a container. */
  best(container, first, end) {
    const { graph } = this;
    const found = [];
    for (let node = first; node < end; node += 1) {
      if (graph.weight[node] > 0 && (container === graph.root || graph.contains(container, node))) found.push(node);
    }
    found.sort((a, b) => graph.weight[b] - graph.weight[a] || a - b);
    return this.items(found.slice(0, BEST), false);
  }

  /**
   * What edges of these kinds join with a node, surest and most important first. What stands in a function within a
   * function is used by both, as `martlet callees` has it; members of a type are there for themselves.
   */
  edges(node, kinds, isOut) {
    const { graph } = this;
    const found = new Map();
    const take = (edge) => {
      if (!kinds.includes(graph.edgeKind[edge])) return;
      const other = isOut ? graph.to[edge] : graph.from[edge];
      if (!found.has(other)) found.set(other, { node: other, sureness: 9, lines: [] });
      const item = found.get(other);
      item.sureness = Math.min(item.sureness, graph.sureness[edge]);
      if (!item.lines.includes(graph.line[edge])) item.lines.push(graph.line[edge]);
      item.file = graph.fileNode(graph.from[edge]);
    };
    if (isOut && graph.isSymbol(node) && graph.group[node] !== TYPE) graph.eachOut(node, take);
    else if (isOut) for (let edge = graph.outStarts[node]; edge < graph.outStarts[node + 1]; edge += 1) take(edge);
    else for (let place = graph.inStarts[node]; place < graph.inStarts[node + 1]; place += 1) take(graph.inEdges[place]);
    return [...found.values()].sort((a, b) => a.sureness - b.sureness || graph.weight[b.node] - graph.weight[a.node] || a.node - b.node);
  }

  /** The files or folders that a container uses or is used by, most first. */
  summed(node, isOut) {
    const { graph } = this;
    const found = new Map();
    const level = graph.isFolder(node) ? (other) => this.beside(node, graph.fileNode(other)) : (other) => graph.fileNode(other);
    const take = (edge) => {
      const other = isOut ? graph.to[edge] : graph.from[edge];
      if (graph.contains(node, other)) return;
      const target = level(other);
      found.set(target, (found.get(target) ?? 0) + 1);
    };
    if (isOut) graph.eachOut(node, take);
    else graph.eachIn(node, take);
    const most = Math.max(1, ...found.values());
    return [...found].sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .map(([other, count]) => ({ node: other, lines: [], count, share: count / most }));
  }

  /** What is around a node and beside another: their nearest relatives. */
  beside(node, other) {
    const { graph } = this;
    let place = other;
    while (graph.parent[place] >= 0 && !graph.contains(graph.parent[place], node)) place = graph.parent[place];
    return place;
  }

  list(title, items, name) {
    if (!items.length) return;
    const list = element("ul", { id: `list-${name}` });
    const heading = element("h2", { id: `title-${name}` }, title, element("span", { className: "count" }, items.length.toLocaleString("en")));
    list.setAttribute("aria-labelledby", heading.id);
    this.add(heading, list);
    const fill = (count) => {
      list.replaceChildren(...items.slice(0, count).map((item) => element("li", {}, this.button(item))));
      if (items.length > count) {
        const left = items.length - count;
        list.append(element("li", {}, element("button", {
          className: "more",
          onclick: () => {
            fill(count + 400);
            list.children[count].firstChild.focus();
          },
        }, `${left.toLocaleString("en")} more`)));
      }
    };
    fill(items.length <= ITEMS + 3 ? items.length : ITEMS);
  }

  button({ node, sureness, lines, count, share, file }) {
    const { graph } = this;
    const isSymbol = graph.isSymbol(node);
    const button = element("button", { className: "go", onclick: () => this.actions.select(node) },
      element("span", { className: `dot ${KINDS[graph.group[node]]}` }),
      element("span", { className: "label" }, isSymbol ? graph.qualifiedName(node) : graph.name(node)));
    // What is in what is shown needs no path.
    let place = graph.parent[node] === this.scene.selected ? "" : graph.path(node);
    if (lines.length) {
      lines.sort((a, b) => a - b);
      // The place of a use is in the file of what uses.
      const path = file === graph.fileNode(this.scene.selected) ? "" : graph.files.path[file];
      place = `${path}:${lines.slice(0, 3).join(",")}${lines.length > 3 ? "…" : ""}`;
    } else if (isSymbol) {
      place = graph.fileNode(node) === graph.fileNode(this.scene.selected)
        ? `${graph.kind(node)} :${graph.startLine(node)}` : `${graph.path(node)}:${graph.startLine(node)}`;
    }
    const plain = element("bdi", {}, place);
    button.append(element("span", { className: "place", title: place }, plain));
    if (sureness) {
      button.append(element("span", { className: "sure", title: PROVENANCE[sureness] }, SURENESS[sureness]));
    }
    if (count) {
      const bar = element("span", { className: "bar", title: plural(count, "use") });
      bar.style.width = `${8 + 52 * share}px`;
      button.append(bar, element("span", { className: "unseen" }, plural(count, "use")));
    }
    button.title = isSymbol ? `${graph.kind(node)} ${graph.qualifiedName(node)}\n${graph.path(node)}:${graph.startLine(node)}` : graph.path(node);
    return button;
  }
}
