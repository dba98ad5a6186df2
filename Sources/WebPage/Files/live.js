// What the server is doing: asked once a second, while somebody looks.

import { readStatus } from "./api.js";
import { element, find, formatBytes, svg } from "./dom.js";

const longest = 90;
const round = (value) => (value >= 10 ? Math.round(value).toLocaleString("en") : value.toFixed(1));

/// Rates from counters that only grow.
export class Rates {
  constructor() { this.series = new Map(); this.last = new Map(); }

  /// - seconds: on the server's clock. A counter that fell belongs to a new server: it starts again.
  add(name, count, seconds) {
    const last = this.last.get(name);
    this.last.set(name, { count, seconds });
    if (last && seconds === last.seconds) return;
    const isNew = !last || count < last.count || seconds < last.seconds;
    const values = this.series.get(name) ?? [];
    if (!isNew) values.push((count - last.count) / (seconds - last.seconds));
    this.series.set(name, values.slice(-longest));
  }

  of(name) { return this.series.get(name) ?? []; }
}

export class LiveView {
  constructor() {
    this.root = find("live");
    this.rates = new Rates();
    this.timer = null;
    document.addEventListener("visibilitychange", () => this.#schedule(0));
  }

  get isWanted() { return !find("activity").hidden && !document.hidden; }

  show() { this.#schedule(0); }

  #schedule(delay) {
    clearTimeout(this.timer);
    if (this.isWanted) this.timer = setTimeout(() => this.#poll(), delay);
  }

  async #poll() {
    try {
      this.#draw(await readStatus());
    } catch (error) {
      this.root.replaceChildren(element("p", { className: "faint" }, `${error.message} ${error.advice ?? ""}`));
    }
    this.#schedule(1000);
  }

  #draw(status) {
    const sections = status.models.flatMap((model) => this.#model(model, status.uptime_seconds));
    const facts = [
      ["Requests running", status.requests_running], ["Requests answered", status.requests_answered.toLocaleString("en")],
      ["Connections", status.connections],
    ];
    if (status.memory_bytes) facts.push(["Memory", formatBytes(status.memory_bytes)]);
    facts.push(["Up for", formatDuration(status.uptime_seconds)]);
    this.root.replaceChildren(...sections, section("Server", list(facts)));
  }

  #model(model, seconds) {
    const generated = `${model.id} generated`;
    const read = `${model.id} read`;
    this.rates.add(generated, model.generated_tokens, seconds);
    this.rates.add(read, model.read_tokens, seconds);
    const state = model.state === "loaded" ? "" : ` · ${model.state}`;
    const nodes = [element("p", { className: "subhead" }, model.id + state)];
    if (model.residence) nodes.push(section("Memory", list(memoryFacts(model.residence))));
    nodes.push(figure("Tokens generated", this.rates.of(generated)), figure("Tokens read", this.rates.of(read)));
    const slots = model.slots ?? [];
    if (slots.length) {
      const busy = slots.filter((slot) => slot.state !== "idle").length;
      nodes.push(section(`Slots · ${busy} of ${slots.length} busy · ${model.waiting} waiting`,
        ...slots.map((slot) => slotRow(slot, model.context))));
    }
    if (model.cache) nodes.push(section("Prefix cache", list(cacheFacts(model.cache))));
    return nodes;
  }
}

function memoryFacts(residence) {
  const facts = [["With full contexts", formatBytes(residence.bytes)],
    ["Loads, unloads", `${residence.loads}, ${residence.unloads}`]];
  if (residence.failed_loads) facts.push(["Failed loads", residence.failed_loads]);
  if (residence.seconds_left !== undefined) facts.push(["Leaves in", formatDuration(residence.seconds_left)]);
  return facts;
}

function section(title, ...nodes) {
  return element("section", {}, element("h3", {}, title), ...nodes);
}

function list(facts) {
  return element("dl", {}, ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, String(value))]));
}

function figure(title, values) {
  const now = values.at(-1) ?? 0;
  return section(title, element("div", { className: "figure" },
    element("span", {}, element("b", {}, round(now)), " /s"),
    element("span", { className: "faint" }, `most ${round(Math.max(0, ...values))}`)), sparkline(values));
}

/// The newest value is at the right edge.
function sparkline(values) {
  const most = Math.max(1, ...values);
  const points = values.map((value, index) =>
    `${(longest - values.length + index + 1).toFixed(1)},${(29 - 27 * value / most).toFixed(2)}`);
  const picture = svg("svg", { viewBox: `0 0 ${longest} 30`, preserveAspectRatio: "none", "aria-hidden": "true" });
  if (points.length > 1) {
    picture.append(svg("polygon", { points: `${longest - values.length + 1},30 ${points.join(" ")} ${longest},30` }),
      svg("polyline", { points: points.join(" ") }));
  }
  return picture;
}

function slotRow(slot, context) {
  const words = { idle: "idle", reading: "reading", generating: "answering" };
  const row = element("div", { className: "slot" }, element("span", { className: "dot" }),
    element("span", {}, `${slot.id + 1} ${words[slot.state] ?? slot.state}${slot.client ? ` · ${slot.client}` : ""}`),
    element("span", { className: "faint" }, `${slot.held_tokens.toLocaleString("en")} of ${context.toLocaleString("en")}`));
  row.dataset.state = slot.state;
  const bar = element("progress", { max: context, value: slot.held_tokens });
  bar.setAttribute("aria-label", `Context of slot ${slot.id + 1}`);
  row.append(bar);
  return row;
}

function cacheFacts(cache) {
  const facts = [["Held", cache.capacity_bytes ? `${formatBytes(cache.bytes)} of ${formatBytes(cache.capacity_bytes)}` : formatBytes(cache.bytes)]];
  if (cache.lookups) facts.push(["Hits", `${Math.round(100 * cache.hits / cache.lookups)} % of ${cache.lookups.toLocaleString("en")}`]);
  facts.push(["Tokens reused", cache.reused_tokens.toLocaleString("en")]);
  return facts;
}

function formatDuration(seconds) {
  const parts = [[86400, "d"], [3600, "h"], [60, "min"]];
  for (const [size, unit] of parts) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  return `${Math.floor(seconds)} s`;
}
