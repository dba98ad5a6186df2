// Puts the page together: what clicks, keys and addresses do.

class Page {
  constructor(graph) {
    this.graph = graph;
    const pen = document.createElement("canvas").getContext("2d");
    const family = getComputedStyle(document.body).fontFamily;
    const widths = new Map();
    const measure = (text, size) => {
      const key = `${size} ${text}`;
      if (!widths.has(key)) {
        pen.font = `600 ${size}px ${family}`;
        widths.set(key, pen.measureText(text).width);
      }
      return widths.get(key);
    };
    this.scene = new Scene(graph, measure);
    this.map = new GraphMap(find("map"), this.scene);
    // What was pressed in the panel is gone afterwards; who uses the keyboard goes on at its beginning.
    this.panel = new Panel(find("panel"), this.scene, {
      select: (node) => this.selectFromList(node),
      toggle: (node) => {
        this.toggle(node);
        find("toggle")?.focus();
      },
    });
    this.search = new Search(graph, (node) => this.select(node));
    this.showLegend();
    this.listen();
    find("loading").remove();
    this.followAddress();
  }

  // Selecting and opening

  select(node, setsAddress = true) {
    const { graph, scene, map } = this;
    const isHidden = !scene.boxes.has(node);
    if (isHidden) map.rearrange(scene.boxOf(node), () => scene.reveal(node));
    scene.selected = node;
    map.hovered = null;
    if (node === graph.root) map.draw();
    else map.show(node);
    this.panel.show(node);
    this.showTrail(node);
    const address = graph.address(node);
    if (setsAddress) history.pushState(null, "", address ? "#" + encodeURI(address).replaceAll("#", "%23") : location.pathname + location.search);
    document.title = (node === graph.root ? "" : address + " – ") + graph.title + " – code graph";
    announce(this.description(node));
  }

  selectFromList(node) {
    this.select(node);
    find("panel-title").focus({ preventScroll: true });
  }

  toggle(node) {
    const { scene, map } = this;
    if (node === this.graph.root || !scene.canOpen(node)) return;
    const isOpen = !scene.isOpen(node);
    map.rearrange(node, () => scene.setOpen(node, isOpen));
    if (scene.selected === node) this.panel.show(node);
    announce(`${this.graph.name(node)} ${isOpen ? "opened" : "closed"}`);
  }

  description(node) {
    const own = this.scene.linesOf(this.scene.boxOf(node));
    const out = own.filter((line) => line.isOut).length;
    return `${this.graph.qualifiedName(node)}, ${this.graph.kind(node)}, ${this.graph.path(node)}; `
      + `${plural(out, "line")} out, ${plural(own.length - out, "line")} in`;
  }

  /** Shows what the address names after its #. */
  followAddress() {
    let address = location.hash.slice(1);
    try { address = decodeURIComponent(address); } catch { /* As it is written, then. */ }
    const node = this.graph.find(address);
    if (node < 0) announce(`There is no ${address} in this graph.`);
    this.select(node < 0 ? this.graph.root : node, false);
  }

  showTrail(node) {
    const trail = [...this.graph.ancestors(node), node];
    find("trail").replaceChildren(...trail.map((place) => {
      const button = element("button", { onclick: () => this.selectFromList(place), title: this.graph.path(place) || this.graph.title }, this.graph.name(place));
      if (place === node) button.setAttribute("aria-current", "location");
      return button;
    }));
    // Where there is no room for all, the end is what counts.
    find("trail").scrollLeft = 1e6;
  }

  showLegend() {
    const words = ["folder", "file", "type", "function, method", "value"];
    find("legend-boxes").append(...KINDS.map((kind, place) => element("li", {}, element("span", { className: `dot ${kind}` }), words[place])));
    const present = new Set(this.graph.edgeKind);
    find("legend-edges").append(...[...EDGE_KINDS.keys()].filter((kind) => present.has(kind)).map((kind) => {
      const box = element("input", { type: "checkbox", checked: true, name: EDGE_KINDS[kind] });
      box.addEventListener("change", () => {
        if (box.checked) this.scene.kinds.add(kind);
        else this.scene.kinds.delete(kind);
        this.scene.joinBoxes();
        this.map.draw();
      });
      return element("label", {}, box, EDGE_NAMES[kind]);
    }));
    const keys = [["/", "find"], ["← ↑ → ↓", "the next box in that direction"], ["Enter", "open or close"],
      ["Escape", "what is around"], ["+ −", "zoom"], ["0", "show all"], ["f", "show the selection"],
      ["c", "close everything"], ["t", "light or dark"], ["?", "this help"]];
    find("keys").append(...keys.flatMap(([key, what]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, what)]));
    const { graph } = this;
    find("about").textContent = `${plural(graph.fileCount, "file")}, ${plural(graph.symbolCount, "symbol")}, ${plural(graph.to.length, "use")}. `
      + "Made by martlet graph. The page loads nothing and sends nothing.";
  }

  // Input

  listen() {
    const canvas = find("map");
    addEventListener("hashchange", () => this.followAddress());
    addEventListener("popstate", () => this.followAddress());
    addEventListener("keydown", (event) => this.key(event));
    find("skip").onclick = () => find("panel-title").focus();
    find("fit").onclick = () => this.map.fit(this.graph.root);
    find("collapse").onclick = () => this.closeAll();
    find("theme").onclick = () => this.changeTheme();
    find("help-open").onclick = () => find("help").showModal();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolor());
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const step = event.deltaMode === 1 ? 18 : 1;
      this.map.zoom(Math.exp(-event.deltaY * step * (event.ctrlKey ? 0.01 : 0.0016)), event.offsetX, event.offsetY);
    }, { passive: false });
    this.listenToPointers(canvas);
  }

  listenToPointers(canvas) {
    const down = new Map();
    let moved = 0;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      if (!down.size) moved = 0;
      down.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = down.get(event.pointerId);
      if (!before) return this.hover(event);
      const now = { x: event.offsetX, y: event.offsetY };
      moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      if (down.size === 2) {
        const other = [...down].find(([id]) => id !== event.pointerId)[1];
        const distance = (point) => Math.hypot(point.x - other.x, point.y - other.y);
        this.map.zoom(distance(now) / Math.max(1, distance(before)), (now.x + other.x) / 2, (now.y + other.y) / 2);
      } else if (moved > 4) {
        canvas.classList.add("dragging");
        this.hide();
        this.map.pan(now.x - before.x, now.y - before.y);
      }
      down.set(event.pointerId, now);
    });
    const up = (event) => {
      if (!down.delete(event.pointerId)) return;
      canvas.classList.remove("dragging");
      if (event.type === "pointerup" && moved <= 4 && !down.size) this.click(event);
    };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("pointerleave", () => this.hide());
  }

  boxAt(event) { return this.scene.boxAt(...this.map.toWorld(event.offsetX, event.offsetY)); }

  click(event) {
    const box = this.boxAt(event);
    if (!box) return this.select(this.graph.root);
    const { node } = box;
    const wasSelected = this.scene.selected === node;
    if (!box.isOpen) {
      if (!wasSelected) this.select(node);
      return this.toggle(node);
    }
    const [, y] = this.map.toWorld(event.offsetX, event.offsetY);
    if (wasSelected && y < box.y + HEADER) return this.toggle(node);
    this.select(node);
  }

  hover(event) {
    const box = this.boxAt(event);
    const node = box && !box.isOpen ? box.node : null;
    if (node !== this.map.hovered) {
      this.map.hovered = node;
      this.map.draw();
    }
    find("map").classList.toggle("over", Boolean(box));
    const tip = find("tip");
    tip.hidden = node === null;
    if (node === null) return;
    tip.textContent = `${this.graph.kind(node)} ${this.graph.isSymbol(node) ? this.graph.qualifiedName(node) : this.graph.path(node)}`;
    const stage = find("stage");
    tip.style.left = `${Math.min(event.offsetX + 14, stage.clientWidth - tip.offsetWidth - 6)}px`;
    tip.style.top = `${Math.min(event.offsetY + 18, stage.clientHeight - tip.offsetHeight - 6)}px`;
  }

  hide() {
    find("tip").hidden = true;
    if (this.map.hovered === null) return;
    this.map.hovered = null;
    this.map.draw();
  }

  key(event) {
    if (event.ctrlKey && event.key === "k" || event.metaKey && event.key === "k") {
      event.preventDefault();
      return this.search.open();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || find("help").open || event.target.matches("input[type=text]")) return;
    const { scene, map, graph } = this;
    const isOnMap = event.target === find("map");
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (ways[event.key] && isOnMap) {
      if (event.shiftKey) map.pan(...ways[event.key].map((step) => -step * 80));
      else this.step(...ways[event.key]);
    } else if ((event.key === "Enter" || event.key === " ") && isOnMap) this.toggle(scene.selected);
    else if (event.key === "Escape" && graph.parent[scene.selected] >= 0) this.select(graph.parent[scene.selected]);
    else if (event.key === "+" || event.key === "=") map.zoom(1.25);
    else if (event.key === "-") map.zoom(0.8);
    else if (event.key === "0") map.fit(graph.root);
    else if (event.key === "f") map.fit(scene.selected);
    else if (event.key === "c") this.closeAll();
    else if (event.key === "t") this.changeTheme();
    else if (event.key === "?") find("help").showModal();
    else if (event.key === "/") this.search.open();
    else return;
    event.preventDefault();
  }

  step(dx, dy) {
    const { scene, graph } = this;
    const start = scene.selected === graph.root ? null : scene.neighbour(scene.selected, dx, dy);
    const first = [...scene.boxes.values()].find((box) => !box.isOpen)?.node;
    const next = scene.selected === graph.root ? first : start;
    if (next !== null && next !== undefined) this.select(next);
  }

  closeAll() {
    this.scene.closeAll();
    this.map.fit(this.graph.root, false);
    this.select(this.graph.root);
  }

  changeTheme() {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    this.recolor();
  }

  recolor() {
    this.map.readColors();
    this.map.draw();
  }
}

readData().then((data) => { window.page = new Page(new Graph(data)); }).catch((error) => {
  find("loading").textContent = `The graph cannot be shown: ${error.message}`;
  throw error;
});
