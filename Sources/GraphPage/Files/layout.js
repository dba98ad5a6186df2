// Where boxes are. The same graph with the same things open always looks the same.

const GAP = 14;
const EDGE_OF_BOX = 12;
const HEADER = 30;
/** Boxes within one that are shown at most; the panel and the search know all. */
const SHOWN = 240;
/** What is opened is about as wide as that many times its height. */
const SHAPE = 1.5;
const WIDTHS = [1, 1.15, 1.3, 1.5, 1.75, 2.1];
const SIZES = [12, 13, 15, 19];

class Layout {
  /** - measure: the width of a text in a font size. */
  constructor(graph, measure) {
    this.graph = graph;
    this.measure = measure;
    this.orders = new Map();
    this.wanted = new Set();
  }

  /** Sees to it that these nodes have boxes once what is around them is open. */
  want(nodes) {
    for (const node of [...this.wanted, ...nodes]) this.orders.delete(this.graph.parent[node]);
    this.wanted = new Set(nodes);
  }

  /** The members of a node that have boxes: the most important, values only where something uses them. */
  members(node) {
    const { graph, wanted } = this;
    const all = graph.children[node].filter(
      (child) => graph.group[child] !== VALUE || graph.weight[child] > 0 || wanted.has(child));
    return all.filter((child, place) => place < SHOWN || wanted.has(child));
  }

  canOpen(node) { return this.members(node).length > 0; }

  /** Boxes by node, outer ones before inner ones, the repository's corner at 0, 0. */
  boxes(isOpen) {
    const boxes = new Map();
    const place = (node, plan, x, y, depth) => {
      boxes.set(node, { node, x, y, w: plan.w, h: plan.h, size: plan.size, isOpen: Boolean(plan.parts), depth });
      for (const part of plan.parts ?? []) place(part.node, part.plan, x + part.x, y + part.y, depth + 1);
    };
    place(this.graph.root, this.plan(this.graph.root, isOpen, 0), 0, 0, 0);
    return boxes;
  }

  plan(node, isOpen, share) {
    return isOpen(node) && this.canOpen(node) ? this.openPlan(node, isOpen) : this.closedPlan(node, share);
  }

  closedPlan(node, share) {
    const size = SIZES[share > 0.45 ? 3 : share > 0.16 ? 2 : share > 0.04 ? 1 : 0];
    const label = shorten(this.graph.name(node));
    const below = this.below(node);
    const width = Math.max(this.measure(label, size), below ? this.measure(below, 11) : 0);
    return { size, w: Math.max(52, width + 26), h: size * 1.35 + (below ? 14 : 0) + 14 };
  }

  /** The second line of a closed box: how much is in it. */
  below(node) {
    const { graph } = this;
    if (graph.isFolder(node)) return plural(graph.fileCounts[node - graph.fileCount - graph.symbolCount], "file");
    const count = this.members(node).length;
    if (count === 0) return "";
    return graph.isSymbol(node) ? plural(count, "member") : plural(count, "symbol");
  }

  openPlan(node, isOpen) {
    const members = this.order(node);
    const most = Math.max(1e-9, ...members.map((child) => this.graph.weight[child]));
    const plans = members.map((child) => this.plan(child, isOpen, this.graph.weight[child] / most));
    const area = plans.reduce((sum, plan) => sum + (plan.w + GAP) * (plan.h + GAP), 0);
    // Of several widths the one that comes nearest to the shape of a screen and wastes least.
    const tries = WIDTHS.map((factor) => this.rows(plans, Math.max(Math.sqrt(area) * factor, ...plans.map((plan) => plan.w))));
    const cost = ({ w, h }) => Math.max(w / SHAPE, h) ** 2 + 0.25 * w * h;
    const best = tries.reduce((one, other) => (cost(other) < cost(one) ? other : one));
    const parts = best.parts.map((part) => ({ node: members[part.place], plan: plans[part.place], x: EDGE_OF_BOX + part.x, y: HEADER + part.y }));
    const title = this.measure(this.graph.name(node), 13) + 50;
    return { size: 13, parts, w: Math.max(best.w + 2 * EDGE_OF_BOX, title), h: HEADER + best.h + EDGE_OF_BOX };
  }

  /** Boxes in rows no wider than a width. */
  rows(plans, width) {
    const found = { parts: [], w: 0, h: 0 };
    for (let first = 0; first < plans.length;) {
      const row = this.row(plans, first, width);
      const y = first ? found.h + GAP + 4 : 0;
      for (const part of row.parts) found.parts.push({ ...part, y: y + part.y });
      found.w = Math.max(found.w, row.w);
      found.h = y + row.h;
      first += row.parts.length;
    }
    return found;
  }

  /** As many as fit beside one another; small ones stand on each other beside large ones. */
  row(plans, first, target) {
    const parts = [];
    let [height, x, column] = [plans[first].h, 0, null];
    for (let place = first; place < plans.length; place += 1) {
      const { w, h } = plans[place];
      if (column && column.y + GAP + h <= height && w <= column.w * 1.25 && x - column.w + Math.max(w, column.w) <= target) {
        parts.push({ place, x: column.x, y: column.y + GAP });
        column.y += GAP + h;
        x += Math.max(0, w - column.w);
        column.w = Math.max(column.w, w);
        continue;
      }
      const start = column ? x + GAP : 0;
      if (column && start + w > target) break;
      // A large box after small ones begins a row of its own.
      if (column && h > height * 2.2 && parts.length > 3) break;
      height = Math.max(height, h);
      column = { x: start, y: h, w };
      parts.push({ place, x: start, y: 0 });
      x = start + w;
    }
    return { parts, w: x, h: height };
  }

  /** Members in an order in which most of them come before what they use. */
  order(node) {
    const known = this.orders.get(node);
    if (known) return known;
    const members = this.members(node);
    const order = sequence(members, this.pairs(node));
    this.orders.set(node, order);
    return order;
  }

  /** How often members of a node use one another: a map for each member. */
  pairs(node) {
    this.allPairs ??= this.findPairs();
    return this.allPairs.get(node) ?? new Map();
  }

  findPairs() {
    const { graph } = this;
    const depth = new Uint16Array(graph.count);
    const depthOf = (node) => (node === graph.root ? 0 : depth[node] || (depth[node] = depthOf(graph.parent[node]) + 1));
    const all = new Map();
    for (let edge = 0; edge < graph.to.length; edge += 1) {
      let [a, b] = [graph.from[edge], graph.to[edge]];
      while (depthOf(a) > depthOf(b)) a = graph.parent[a];
      while (depthOf(b) > depthOf(a)) b = graph.parent[b];
      if (a === b) continue;
      while (graph.parent[a] !== graph.parent[b]) [a, b] = [graph.parent[a], graph.parent[b]];
      const around = graph.parent[a];
      if (!all.has(around)) all.set(around, new Map());
      const pairs = all.get(around);
      if (!pairs.has(a)) pairs.set(a, new Map());
      pairs.get(a).set(b, (pairs.get(a).get(b) ?? 0) + 1);
    }
    return all;
  }
}

/**
 * Puts nodes in an order in which few uses lead back: again and again what uses nothing that is left goes to the end,
 * what nothing uses that is left to the beginning, else what uses most and is used least (Eades, Lin and Smyth 1993).
 * What has no edges comes last.
 */
function sequence(nodes, pairs) {
  const rest = new Set(nodes);
  const [out, into] = [new Map(), new Map()];
  const users = new Map(nodes.map((node) => [node, []]));
  for (const node of nodes) [out, into].forEach((sums) => sums.set(node, 0));
  for (const a of nodes) {
    for (const [b, weight] of pairs.get(a) ?? []) {
      if (!rest.has(b)) continue;
      const strength = Math.log2(1 + weight);
      out.set(a, out.get(a) + strength);
      into.set(b, into.get(b) + strength);
      users.get(b).push([a, strength]);
    }
  }
  const alone = nodes.filter((node) => out.get(node) === 0 && into.get(node) === 0);
  for (const node of alone) rest.delete(node);
  const [first, last] = [[], []];
  const remove = (node) => {
    rest.delete(node);
    for (const [b, weight] of pairs.get(node) ?? []) if (rest.has(b)) into.set(b, into.get(b) - Math.log2(1 + weight));
    for (const [a, strength] of users.get(node)) if (rest.has(a)) out.set(a, out.get(a) - strength);
  };
  while (rest.size) {
    let [best, score] = [null, 0];
    for (const node of rest) {
      const own = out.get(node) < 1e-6 ? -Infinity : into.get(node) < 1e-6 ? Infinity : out.get(node) - into.get(node);
      if (own === -Infinity) {
        [best, score] = [node, own];
        break;
      }
      if (best === null || own > score) [best, score] = [node, own];
    }
    (score === -Infinity ? last : first).push(best);
    remove(best);
  }
  return [...first, ...last.reverse(), ...alone];
}

function shorten(name) { return name.length > 36 ? name.slice(0, 22) + "…" + name.slice(-12) : name; }

function plural(count, what) { return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`; }
