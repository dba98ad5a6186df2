// What is open and selected, where its boxes are, and which lines join them.

/** Lines that are drawn while nothing is selected, the strongest: for each box, and in all. */
const LINES_PER_BOX = 1.7;
const LINES = 150;
/** Lines of what is selected. */
const OWN_LINES = 400;

class Scene {
  constructor(graph, measure) {
    this.graph = graph;
    this.layout = new Layout(graph, measure);
    this.open = new Set([graph.root]);
    /** What is open only because something in it was asked for. */
    this.passing = new Set();
    this.kinds = new Set(EDGE_KINDS.keys());
    this.selected = graph.root;
    this.openTheFirst();
    this.arrange();
  }

  /** The most important folders, until there is enough to see. */
  openTheFirst() {
    const { graph, layout } = this;
    let count = layout.members(graph.root).length;
    for (;;) {
      const closed = [...this.open].flatMap((node) => layout.members(node)).filter((node) => !this.open.has(node));
      const fits = (node) => count - 1 + layout.members(node).length <= (this.open.size === 1 ? 60 : 30);
      const next = closed.filter((node) => graph.isFolder(node) && layout.canOpen(node) && fits(node))
        .sort((a, b) => graph.weight[b] - graph.weight[a])[0];
      if (next === undefined) return;
      this.open.add(next);
      count += layout.members(next).length - 1;
    }
  }

  arrange() {
    this.boxes = this.layout.boxes((node) => this.open.has(node));
    // Each node is seen as the innermost box around it.
    this.seenAs = new Int32Array(this.graph.count).fill(-1);
    for (const node of this.boxes.keys()) this.seenAs[node] = node;
    this.joinBoxes();
  }

  boxOf(node) {
    if (this.seenAs[node] < 0) this.seenAs[node] = this.boxOf(this.graph.parent[node]);
    return this.seenAs[node];
  }

  /** The lines between boxes: how many uses each stands for. */
  joinBoxes() {
    const { graph } = this;
    const lines = new Map();
    for (let edge = 0; edge < graph.to.length; edge += 1) {
      if (!this.kinds.has(graph.edgeKind[edge])) continue;
      const [from, to] = [this.boxOf(graph.from[edge]), this.boxOf(graph.to[edge])];
      if (from === to || graph.contains(from, to) || graph.contains(to, from)) continue;
      const key = from * graph.count + to;
      const line = lines.get(key);
      if (line) line.weight += 1;
      else lines.set(key, { from, to, weight: 1 });
    }
    this.lines = [...lines.values()].sort((a, b) => b.weight - a.weight || a.from - b.from || a.to - b.to);
    this.heaviest = this.lines[0]?.weight ?? 1;
  }

  /** The lines to draw quietly. */
  quietLines() { return this.lines.slice(0, Math.min(LINES, Math.ceil(LINES_PER_BOX * this.boxes.size))); }

  /**
   * The lines of a box: those that leave it, and those that lead to it. Of one that is open they are drawn from its frame
   * to what is beside it or beside what is around it, or they would hide all else.
   */
  linesOf(node) {
    const { graph } = this;
    const sums = new Map();
    const isWide = this.isOpen(node);
    for (const { from, to, weight } of this.lines) {
      const isOut = graph.contains(node, from);
      if (isOut === graph.contains(node, to)) continue;
      let other = isOut ? to : from;
      if (isWide) while (graph.parent[other] >= 0 && !graph.contains(graph.parent[other], node)) other = graph.parent[other];
      const key = isOut ? other : ~other;
      const sum = sums.get(key) ?? { from: isOut ? node : other, to: isOut ? other : node, weight: 0, isOut };
      sum.weight += weight;
      sums.set(key, sum);
    }
    return [...sums.values()].slice(0, OWN_LINES);
  }

  canOpen(node) { return this.layout.canOpen(node); }
  isOpen(node) { return this.open.has(node) && this.boxes.has(node); }

  setOpen(node, isOpen) {
    // What is looked into stays, and so does what is around it.
    for (const around of [node, ...this.graph.ancestors(node)]) this.passing.delete(around);
    if (isOpen) this.open.add(node);
    else for (const inner of [...this.open]) if (this.graph.contains(node, inner) && inner !== this.graph.root) this.open.delete(inner);
    this.arrange();
  }

  closeAll() {
    this.open = new Set([this.graph.root]);
    this.passing.clear();
    this.openTheFirst();
    this.arrange();
  }

  /** Opens what is around a node. What was opened for others in this way, and not by hand, is closed. */
  reveal(node) {
    const around = this.graph.ancestors(node);
    for (const other of this.passing) if (!around.includes(other)) this.open.delete(other);
    this.passing = new Set(around.filter((other) => this.passing.has(other) || !this.open.has(other)));
    for (const other of around) this.open.add(other);
    this.layout.want([...around, node]);
    this.arrange();
  }

  /** The innermost box at a place. */
  boxAt(x, y) {
    let found = null;
    for (const box of this.boxes.values()) {
      if (x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h) found = box;
    }
    return found;
  }

  /** The box that is nearest in a direction, among those that have nothing open in them. */
  neighbour(node, dx, dy) {
    const box = this.boxes.get(this.boxOf(node));
    const [x, y] = [box.x + box.w / 2, box.y + (box.isOpen ? 12 : box.h / 2)];
    let [best, least] = [null, Infinity];
    for (const other of this.boxes.values()) {
      if (other.node === box.node || other.isOpen) continue;
      const [ox, oy] = [other.x + other.w / 2 - x, other.y + other.h / 2 - y];
      const along = ox * dx + oy * dy;
      const across = Math.abs(ox * dy) + Math.abs(oy * dx);
      const distance = along + 2.5 * across;
      if (along > 1 && along >= across * 0.3 && distance < least) [best, least] = [other, distance];
    }
    return best?.node ?? null;
  }
}
