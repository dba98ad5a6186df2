// What the page is about: nodes and edges, as numbers in columns.
//
// Nodes are numbered: files by path, then symbols, then folders; the last one is the repository.

const KINDS = ["folder", "file", "type", "function", "value"];
const [FOLDER, FILE, TYPE, FUNCTION, VALUE] = KINDS.keys();
const EDGE_KINDS = ["call", "inherits", "overrides", "imports", "references"];
const [CALL, INHERITS, OVERRIDES, IMPORTS] = EDGE_KINDS.keys();
const EDGE_NAMES = ["calls", "inheritance", "overrides", "imports", "other uses"];
const PROVENANCE = ["", "import-resolved", "type-inferred", "unique-name", "ambiguous"];
const SURENESS = ["", "●", "◐", "○", "?"];

const GROUP_OF_KIND = {
  "class": TYPE, "struct": TYPE, "interface": TYPE, "enum": TYPE, "type alias": TYPE, "module": TYPE,
  "function": FUNCTION, "method": FUNCTION, "constructor": FUNCTION, "macro": FUNCTION,
};

/** Reads what stands in the page: base64 of zlib of JSON. */
async function readData() {
  const packed = document.getElementById("data").textContent.trim();
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

class Graph {
  constructor(data) {
    const { files, symbols } = data;
    this.title = data.name;
    this.notes = data.notes;
    this.files = files;
    this.symbols = symbols;
    this.fileCount = files.path.length;
    this.symbolCount = symbols.name.length;
    const folders = new Map();
    const firstFolder = this.fileCount + this.symbolCount;
    for (const path of files.path) {
      for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
        const folder = path.slice(0, end);
        if (folders.has(folder)) break;
        folders.set(folder, 0);
      }
    }
    this.folderPaths = [...folders.keys()].sort();
    this.folderPaths.forEach((path, place) => folders.set(path, firstFolder + place));
    this.root = firstFolder + this.folderPaths.length;
    this.folderPaths.push("");
    this.count = this.root + 1;
    const folderOf = (path) => (path.includes("/") ? folders.get(path.slice(0, path.lastIndexOf("/"))) : this.root);

    this.parent = new Int32Array(this.count).fill(-1);
    this.group = new Uint8Array(this.count);
    files.path.forEach((path, node) => {
      this.parent[node] = folderOf(path);
      this.group[node] = FILE;
    });
    const groups = data.kinds.map((name) => GROUP_OF_KIND[name] ?? VALUE);
    this.kindNames = data.kinds;
    this.fileOf = new Int32Array(this.symbolCount);
    let node = this.fileCount;
    symbols.count.forEach((count, file) => {
      for (let place = 0; place < count; place += 1, node += 1) {
        const symbol = node - this.fileCount;
        // How far back the symbol around it is; 0 for the file.
        this.parent[node] = symbols.parent[symbol] === 0 ? file : node - symbols.parent[symbol];
        this.group[node] = groups[symbols.kind[symbol]];
        this.fileOf[symbol] = file;
      }
    });
    for (const [path, folder] of folders) this.parent[folder] = folderOf(path);
    this.children = Array.from({ length: this.count }, () => []);
    for (let child = 0; child < this.count; child += 1) if (this.parent[child] >= 0) this.children[this.parent[child]].push(child);
    this.folderNumbers = folders;
    this.readEdges(data.edges);
    this.weigh();
    this.countFiles();
  }

  readEdges(edges) {
    const count = edges.to.length;
    this.from = new Int32Array(count);
    this.to = Int32Array.from(edges.to);
    this.edgeKind = Uint8Array.from(edges.kind);
    this.sureness = Uint8Array.from(edges.provenance);
    this.line = Int32Array.from(edges.line);
    let from = 0;
    for (let edge = 0; edge < count; edge += 1) this.from[edge] = from += edges.from[edge];
    this.outStarts = this.starts(this.from);
    this.inStarts = this.starts(this.to);
    this.inEdges = new Int32Array(count);
    const next = this.inStarts.slice();
    for (let edge = 0; edge < count; edge += 1) this.inEdges[next[this.to[edge]]++] = edge;
  }

  starts(ends) {
    const starts = new Int32Array(this.count + 1);
    for (const node of ends) starts[node + 1] += 1;
    for (let node = 0; node < this.count; node += 1) starts[node + 1] += starts[node];
    return starts;
  }

  /** How much a node matters: a file by its rank, a folder by its files, a symbol by the files of what uses it. */
  weigh() {
    this.weight = new Float64Array(this.count);
    // Of a file that nothing uses no folder becomes important, however many it has.
    const least = this.files.rank.reduce((least, rank) => Math.min(least, rank), Infinity);
    for (let file = 0; file < this.fileCount; file += 1) this.weight[file] = this.files.rank[file] - least;
    for (let edge = 0; edge < this.to.length; edge += 1) {
      const to = this.to[edge];
      if (to < this.fileCount || this.edgeKind[edge] === OVERRIDES) continue;
      const user = this.fileNode(this.from[edge]);
      // From elsewhere counts in full: much in a file is used within it only. What is known by its name alone may be chance.
      const share = (user === this.fileNode(to) ? 0.2 : 1) * (this.sureness[edge] > 2 ? 0.2 : 1);
      this.weight[to] += share * (this.files.rank[user] + 1);
    }
    // A type matters as much as its members do; parents have lower numbers than their members.
    for (let node = this.fileCount + this.symbolCount - 1; node >= this.fileCount; node -= 1) {
      const parent = this.parent[node];
      if (parent >= this.fileCount && parent < node) this.weight[parent] += this.weight[node] * 0.5;
    }
    const add = (folder) => {
      for (const child of this.children[folder]) {
        if (this.group[child] === FOLDER) add(child);
        this.weight[folder] += this.weight[child];
      }
    };
    add(this.root);
    const byWeight = (a, b) => this.weight[b] - this.weight[a] || a - b;
    for (let node = 0; node < this.count; node += 1) this.children[node].sort(byWeight);
  }

  /** How many files and lines folders hold, and the order of files by importance. */
  countFiles() {
    const first = this.fileCount + this.symbolCount;
    this.fileCounts = new Int32Array(this.count - first);
    this.lineCounts = new Float64Array(this.count - first);
    for (let file = 0; file < this.fileCount; file += 1) {
      for (let folder = this.parent[file]; folder >= 0; folder = this.parent[folder]) {
        this.fileCounts[folder - first] += 1;
        this.lineCounts[folder - first] += this.files.lines[file];
      }
    }
    const order = Array.from({ length: this.fileCount }, (_, file) => file);
    order.sort((a, b) => this.files.rank[b] - this.files.rank[a] || a - b);
    this.fileOrder = new Int32Array(this.fileCount);
    order.forEach((file, place) => { this.fileOrder[file] = place; });
  }

  isSymbol(node) { return node >= this.fileCount && node < this.fileCount + this.symbolCount; }
  isFolder(node) { return node >= this.fileCount + this.symbolCount; }

  /** The file that a node is or is in; -1 for folders. */
  fileNode(node) {
    if (node < this.fileCount) return node;
    return this.isSymbol(node) ? this.fileOf[node - this.fileCount] : -1;
  }

  name(node) {
    if (this.isSymbol(node)) {
      const owner = this.symbols.owner[node - this.fileCount];
      return (owner ? owner + "." : "") + this.symbols.name[node - this.fileCount];
    }
    if (node === this.root) return this.title;
    return this.path(node).split("/").at(-1);
  }

  path(node) {
    const file = this.fileNode(node);
    return file >= 0 ? this.files.path[file] : this.folderPaths[node - this.fileCount - this.symbolCount];
  }

  /** With the names of the symbols around it. */
  qualifiedName(node) {
    const names = [];
    for (let place = node; this.isSymbol(place); place = this.parent[place]) names.unshift(this.name(place));
    return names.length ? names.join(".") : this.name(node);
  }

  kind(node) {
    if (node === this.root) return "repository";
    return this.isSymbol(node) ? this.kindNames[this.symbols.kind[node - this.fileCount]] : KINDS[this.group[node]];
  }

  startLine(node) { return this.isSymbol(node) ? this.symbols.line[node - this.fileCount] : 1; }

  /** The nodes around a node, the repository first. */
  ancestors(node) {
    const found = [];
    for (let place = this.parent[node]; place >= 0; place = this.parent[place]) found.unshift(place);
    return found;
  }

  contains(outer, node) {
    for (let place = node; place >= 0; place = this.parent[place]) if (place === outer) return true;
    return false;
  }

  /** What the command line calls it: `src/store.py:Store.load`, a line where that is not one symbol, `src/` for a folder. */
  address(node) {
    if (this.isFolder(node)) return node === this.root ? "" : this.path(node) + "/";
    if (!this.isSymbol(node)) return this.path(node);
    const name = this.qualifiedName(node);
    const alike = this.symbolsNamed(this.fileNode(node), name);
    return `${this.path(node)}:${alike.length === 1 ? name : this.startLine(node)}`;
  }

  /** -1 when nothing is called that. */
  find(address) {
    if (address === "") return this.root;
    if (address.endsWith("/")) return this.folderNumbers.get(address.slice(0, -1)) ?? -1;
    const whole = this.files.path.indexOf(address);
    if (whole >= 0) return whole;
    const colon = address.lastIndexOf(":");
    const file = colon < 0 ? -1 : this.files.path.indexOf(address.slice(0, colon));
    if (file < 0) return this.folderNumbers.get(address) ?? -1;
    const rest = address.slice(colon + 1);
    if (/^\d+$/.test(rest)) {
      return this.symbolsOf(file).findLast((node) => this.startLine(node) === Number(rest)) ?? file;
    }
    return this.symbolsNamed(file, rest)[0] ?? file;
  }

  /** All symbols of a file, in the order of its text. */
  symbolsOf(file) {
    if (!this.firstSymbol) {
      this.firstSymbol = [this.fileCount];
      for (const count of this.symbols.count) this.firstSymbol.push(this.firstSymbol.at(-1) + count);
    }
    const first = this.firstSymbol[file];
    return Array.from({ length: this.symbols.count[file] }, (_, place) => first + place);
  }

  symbolsNamed(file, name) { return this.symbolsOf(file).filter((node) => this.qualifiedName(node) === name); }

  /** Calls `body` with all edges that leave a node or what is in it. */
  eachOut(node, body) {
    for (let edge = this.outStarts[node]; edge < this.outStarts[node + 1]; edge += 1) body(edge);
    for (const child of this.children[node]) this.eachOut(child, body);
  }

  /** Calls `body` with all edges that lead to a node or into it. */
  eachIn(node, body) {
    for (let place = this.inStarts[node]; place < this.inStarts[node + 1]; place += 1) body(this.inEdges[place]);
    for (const child of this.children[node]) this.eachIn(child, body);
  }
}
