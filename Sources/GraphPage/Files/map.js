// The map: a canvas that shows a scene, moves over it and zooms.

const STILL = matchMedia("(prefers-reduced-motion: reduce)");

class GraphMap {
  constructor(canvas, scene) {
    this.canvas = canvas;
    this.scene = scene;
    this.pen = canvas.getContext("2d");
    this.view = { x: 0, y: 0, scale: 1 };
    this.hovered = null;
    this.readColors();
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  readColors() {
    // Custom properties are read as they are written; what they come to is read from something that has them.
    const probe = document.createElement("i");
    document.body.append(probe);
    this.colors = {};
    for (const name of ["paper", "raised", "sunken", "line", "ink", "faint", "accent", "wash", "edge", "out", "in", ...KINDS]) {
      probe.style.color = `var(--${name})`;
      this.colors[name] = getComputedStyle(probe).color;
    }
    this.font = getComputedStyle(document.body).fontFamily;
    probe.remove();
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    const ratio = window.devicePixelRatio || 1;
    const isFirst = !this.width;
    [this.width, this.height, this.ratio] = [clientWidth, clientHeight, ratio];
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    if (isFirst && clientWidth) this.fit(this.scene.graph.root, false);
    this.draw();
  }

  // Moving

  toWorld(x, y) { return [(x - this.view.x) / this.view.scale, (y - this.view.y) / this.view.scale]; }

  pan(dx, dy) {
    this.stop();
    this.view.x += dx;
    this.view.y += dy;
    this.draw();
  }

  zoom(factor, x = this.width / 2, y = this.height / 2) {
    this.stop();
    const scale = Math.min(4, Math.max(0.02, this.view.scale * factor));
    const [wx, wy] = this.toWorld(x, y);
    this.view = { scale, x: x - wx * scale, y: y - wy * scale };
    this.draw();
  }

  /** The view that shows a box as a whole, no larger than life. */
  viewOf(node, largest = 1.25) {
    const box = this.scene.boxes.get(this.scene.boxOf(node));
    const margin = 28;
    const scale = Math.min(
      largest, (this.width - 2 * margin) / box.w, (this.height - 2 * margin) / box.h);
    return {
      scale, x: this.width / 2 - (box.x + box.w / 2) * scale, y: this.height / 2 - (box.y + box.h / 2) * scale,
    };
  }

  fit(node, isSmooth = true) {
    if (this.width) this.moveTo(this.viewOf(node), isSmooth);
  }

  /** Moves as far as it takes to see a box, and comes nearer where its name could not be read. */
  show(node) {
    const box = this.scene.boxes.get(this.scene.boxOf(node));
    const { scale } = this.view;
    const [x, y] = [box.x * scale + this.view.x, box.y * scale + this.view.y];
    const isInView = x >= 0 && y >= 0 && x + box.w * scale <= this.width && y + box.h * scale <= this.height;
    if (isInView && scale * box.size >= 10) return this.draw();
    if (box.isOpen) return this.fit(node);
    const next = Math.max(scale, Math.min(1, 11 / box.size));
    this.moveTo({
      scale: next, x: this.width / 2 - (box.x + box.w / 2) * next, y: this.height / 2 - (box.y + box.h / 2) * next,
    });
  }

  /** Changes the scene, so that a box stays where it is on the screen and the others move to their new places. */
  rearrange(anchor, change) {
    const { scene } = this;
    const before = new Map([...scene.boxes].map(([node, box]) => [node, { x: box.x, y: box.y, w: box.w, h: box.h }]));
    const old = before.get(scene.boxOf(anchor));
    change();
    const box = scene.boxes.get(scene.boxOf(anchor));
    const view = {
      scale: this.view.scale, x: this.view.x + (old.x - box.x) * this.view.scale,
      y: this.view.y + (old.y - box.y) * this.view.scale,
    };
    this.before = STILL.matches ? null : before;
    const [x, y] = [box.x * view.scale + view.x, box.y * view.scale + view.y];
    const isInView = x >= 0 && y >= 0 && x + box.w * view.scale <= this.width && y + box.h * view.scale <= this.height;
    this.moveTo(isInView && view.scale * box.size >= 8 ? view : this.viewOf(anchor, Math.max(view.scale, 0.8)));
  }

  moveTo(view, isSmooth = true) {
    this.stop();
    if (!isSmooth || STILL.matches) {
      this.before = null;
      this.view = view;
      return this.draw();
    }
    const [start, first] = [this.view, performance.now()];
    const step = (now) => {
      const share = Math.min(1, Math.max(0, (now - first) / 260));
      const done = 1 - (1 - share) ** 3;
      // Zooming is even when the logarithm of the scale is.
      const scale = Math.exp(Math.log(start.scale) * (1 - done) + Math.log(view.scale) * done);
      this.view = { scale, x: start.x + (view.x - start.x) * done, y: start.y + (view.y - start.y) * done };
      this.progress = done;
      if (share < 1) this.moving = requestAnimationFrame(step);
      else this.stop(view);
      this.paint();
    };
    this.moving = requestAnimationFrame(step);
  }

  stop(view = this.view) {
    cancelAnimationFrame(this.moving);
    this.moving = null;
    this.before = null;
    this.view = view;
  }

  // Drawing

  /** Draws with the next frame, once. */
  draw() {
    if (this.waiting || this.moving) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (!this.moving) this.paint();
    });
  }

  /** Where a box is just now: on its way from where it was. */
  placed(box) {
    const old = this.before?.get(box.node);
    if (!old) return box;
    const mix = (a, b) => a + (b - a) * this.progress;
    return { ...box, x: mix(old.x, box.x), y: mix(old.y, box.y), w: mix(old.w, box.w), h: mix(old.h, box.h) };
  }

  paint() {
    const { pen, scene, view, ratio } = this;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = this.colors.paper;
    pen.fillRect(0, 0, this.width, this.height);
    pen.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y);
    const [left, top] = this.toWorld(0, 0);
    const [right, bottom] = this.toWorld(this.width, this.height);
    const boxes = [];
    this.places = new Map();
    for (const box of scene.boxes.values()) {
      const placed = this.placed(box);
      this.places.set(box.node, placed);
      if (placed.x < right && placed.y < bottom && placed.x + placed.w > left && placed.y + placed.h > top) boxes.push(placed);
    }
    const focus = this.hovered ?? scene.selected;
    const own = focus === scene.graph.root ? [] : scene.linesOf(scene.boxOf(focus));
    const lit = own.length ? new Set([scene.boxOf(focus), ...own.flatMap((line) => [line.from, line.to])]) : null;
    // The repository's own frame would only take room.
    for (const box of boxes) if (box.isOpen && box.depth > 0) this.paintOpen(box);
    if (own.length) {
      pen.globalAlpha = 0.1;
      for (const line of scene.quietLines()) this.paintLine(line, this.colors.edge, 0.6);
      pen.globalAlpha = 1;
    } else {
      for (const line of scene.quietLines()) {
        pen.globalAlpha = 0.14 + 0.42 * Math.sqrt(line.weight / scene.heaviest);
        this.paintLine(line, this.colors.edge);
      }
      pen.globalAlpha = 1;
    }
    const isLit = (node) => !lit || lit.has(node) || scene.graph.contains(focus, node);
    // Lines of what is selected go over what they have nothing to do with, and under what they join.
    for (const box of boxes) if (!box.isOpen && !isLit(box.node)) this.paintClosed(box, false);
    pen.globalAlpha = 0.85;
    for (const line of own) this.paintLine(line, line.isOut ? this.colors.out : this.colors.in);
    pen.globalAlpha = 1;
    for (const box of boxes) if (!box.isOpen && isLit(box.node)) this.paintClosed(box, true);
    const chosen = this.places.get(scene.boxOf(scene.selected));
    if (chosen && scene.selected !== scene.graph.root) this.outline(chosen);
  }

  paintOpen(box) {
    const { pen, scene } = this;
    const { scale } = this.view;
    const color = this.colors[KINDS[scene.graph.group[box.node]]];
    pen.beginPath();
    pen.roundRect(box.x, box.y, box.w, box.h, 10);
    pen.fillStyle = box.depth % 2 ? this.colors.sunken : this.colors.paper;
    pen.fill();
    pen.lineWidth = 1 / scale;
    pen.strokeStyle = this.colors.line;
    pen.stroke();
    if (box.h * scale < 30) return;
    // A name that would be too small to read takes the room that there is.
    const size = Math.min(Math.max(13, 11 / scale), HEADER - 8);
    if (size * scale < 6) return;
    pen.fillStyle = color;
    pen.font = `600 ${size}px ${this.font}`;
    pen.textBaseline = "middle";
    const name = scene.graph.name(box.node);
    pen.save();
    pen.beginPath();
    pen.rect(box.x, box.y, box.w - 8, HEADER);
    pen.clip();
    pen.fillText(name, box.x + EDGE_OF_BOX, box.y + HEADER / 2 + 1);
    pen.restore();
  }

  paintClosed(box, isLit) {
    const { pen, scene } = this;
    const { graph } = scene;
    const { scale } = this.view;
    const isPlain = graph.group[box.node] === FILE && !graph.files.language[box.node];
    const color = isPlain ? this.colors.line : this.colors[KINDS[graph.group[box.node]]];
    if (box.h * scale < 5) {
      // From far away a spot is all that can be seen of it.
      pen.globalAlpha = isLit ? 0.8 : 0.3;
      pen.fillStyle = color;
      pen.fillRect(box.x, box.y, box.w, box.h);
      pen.globalAlpha = 1;
      return;
    }
    pen.globalAlpha = 1;
    const radius = graph.group[box.node] === FUNCTION || graph.group[box.node] === VALUE ? Math.min(14, box.h / 2) : 6;
    pen.beginPath();
    pen.roundRect(box.x, box.y, box.w, box.h, radius);
    pen.fillStyle = this.colors.raised;
    pen.fill();
    pen.globalAlpha = isLit ? 1 : 0.35;
    pen.lineWidth = 1.5 / Math.max(scale, 0.5);
    pen.strokeStyle = color;
    pen.stroke();
    pen.fillStyle = color;
    pen.beginPath();
    pen.roundRect(box.x, box.y, 5, box.h, [radius > 6 ? 5 : 4, 0, 0, radius > 6 ? 5 : 4]);
    if (radius <= 6) pen.fill();
    const tall = box.size * scale;
    if (tall >= 5) {
      const below = this.scene.layout.below(box.node);
      const hasBelow = below && scale * 11 >= 6;
      pen.textBaseline = "middle";
      pen.fillStyle = isPlain ? this.colors.faint : this.colors.ink;
      pen.font = `600 ${box.size}px ${this.font}`;
      pen.fillText(shorten(graph.name(box.node)), box.x + 13, box.y + box.h / 2 - (below ? 7 : 0) + 0.5);
      if (hasBelow) {
        pen.fillStyle = this.colors.faint;
        pen.font = `11px ${this.font}`;
        pen.fillText(below, box.x + 13, box.y + box.h / 2 + box.size * 0.62);
      }
    } else {
      pen.fillStyle = color;
      pen.globalAlpha *= 0.55;
      pen.fillRect(box.x + 8, box.y + box.h / 2 - 3, (box.w - 16) * 0.8, 6);
    }
    pen.globalAlpha = 1;
  }

  outline(box) {
    const { pen } = this;
    pen.beginPath();
    pen.roundRect(box.x - 2, box.y - 2, box.w + 4, box.h + 4, 10);
    pen.lineWidth = 3 / this.view.scale;
    pen.strokeStyle = this.colors.accent;
    pen.stroke();
  }

  /** A curve with an arrow at its end: from below what is above to the top of what is below. */
  paintLine(line, color, thin = 1) {
    const { pen } = this;
    const { scale } = this.view;
    const [a, b] = [this.places.get(line.from), this.places.get(line.to)];
    const width = Math.min(7, 0.9 + Math.log2(1 + line.weight) * 0.45) * thin / Math.min(1.4, Math.max(scale, 0.35));
    // Lines there and back go side by side.
    const [from, to, way] = ends(a, b, line.isOut === undefined ? 0 : line.isOut ? -5 : 5);
    const bend = Math.max(18, Math.min(160, (Math.abs(to.x - from.x) + Math.abs(to.y - from.y)) * 0.4));
    const arrow = Math.max(5, width * 2.2);
    const [c1, c2] = way === "down"
      ? [{ x: from.x, y: from.y + bend * from.sign }, { x: to.x, y: to.y - bend * from.sign }]
      : [{ x: from.x + bend * from.sign, y: from.y }, { x: to.x - bend * from.sign, y: to.y }];
    const tip = way === "down" ? { x: to.x, y: to.y - arrow * from.sign } : { x: to.x - arrow * from.sign, y: to.y };
    pen.strokeStyle = pen.fillStyle = color;
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.bezierCurveTo(c1.x, c1.y, c2.x, c2.y, tip.x, tip.y);
    pen.stroke();
    const half = arrow * 0.55;
    pen.beginPath();
    pen.moveTo(to.x, to.y);
    if (way === "down") {
      pen.lineTo(tip.x - half, tip.y);
      pen.lineTo(tip.x + half, tip.y);
    } else {
      pen.lineTo(tip.x, tip.y - half);
      pen.lineTo(tip.x, tip.y + half);
    }
    pen.fill();
  }
}

/** Where a line leaves one box and reaches another, and whether it goes up and down or sideways. */
function ends(a, b, aside) {
  const middle = (low, high, wanted) => Math.min(high, Math.max(low, wanted)) + aside;
  const inset = (size) => Math.min(14, size * 0.3);
  if (b.y >= a.y + a.h || b.y + b.h <= a.y) {
    const sign = b.y >= a.y + a.h ? 1 : -1;
    const [ax, bx] = [a.x + a.w / 2, b.x + b.w / 2];
    return [
      { x: middle(a.x + inset(a.w), a.x + a.w - inset(a.w), ax + (bx - ax) * 0.3), y: sign > 0 ? a.y + a.h : a.y, sign },
      { x: middle(b.x + inset(b.w), b.x + b.w - inset(b.w), bx + (ax - bx) * 0.3), y: sign > 0 ? b.y : b.y + b.h }, "down",
    ];
  }
  const sign = b.x >= a.x ? 1 : -1;
  const [ay, by] = [a.y + a.h / 2, b.y + b.h / 2];
  return [
    { x: sign > 0 ? a.x + a.w : a.x, y: middle(a.y + inset(a.h), a.y + a.h - inset(a.h), ay + (by - ay) * 0.3), sign },
    { x: sign > 0 ? b.x : b.x + b.w, y: middle(b.y + inset(b.h), b.y + b.h - inset(b.h), by + (ay - by) * 0.3) }, "across",
  ];
}
