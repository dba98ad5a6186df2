import fs, { readFile as read, join } from "node:fs";
import * as path from "node:path";
import "./polyfills.js";
const { parse, format: pretty } = require("./format");
const crypto = require("crypto");

/** How many shelves a library has. */
export const SHELVES = 12, ROWS = 4;
let opened;

// Opens the doors.
function open(hour) {
  opened = new Date();
  schedule(close, hour);
  return fs.exists(hour);
}

/**
 * Books by their number.
 */
export default class Library extends Building {
  static count = 0;
  #secret = makeSecret();
  onLend = (book) => this.notify(book);

  constructor(name) {
    super(name);
    this.name = name;
    this.index = new Map();
    this.door = findDoor();
  }

  // The book with that number.
  async find(number) {
    const entry = await this.index.get(number);
    const book = new Book(entry);
    return book.open();
  }

  get size() {
    return this.index.size;
  }

  static *all() {
    yield* registry.values();
  }
}

const close = async (hour) => {
  lock(hour);
};

const helper = function inner() {
  return close;
};

var Thing = class extends shapes.Base {};

exports.lend = function (book) {
  return parse(book);
};
module.exports.giveBack = (book) => pretty(book);
module.exports = { Library, open, lend: close };

Library.prototype.sweep = function () {
  this.rooms.forEach(clean);
};

const handlers = {
  onOpen() {
    open(8);
  },
  onClose: () => close(18),
  onFire: alarm,
};

export { helper as assist } from "./helpers.js";
export * from "./everything.js";

@sealed("now")
class Archive {
  @observable shelf = 3;
}

const view = <Panel title="x" onClick={open}>text</Panel>;
