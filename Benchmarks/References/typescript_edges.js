// Calls, `new`, JSX elements and heritage of a TypeScript repository, and where the compiler's checker says that they lead.
//
//     NODE_PATH=/usr/share/nodejs node typescript_edges.js REPOSITORY [FOLDER...] > edges.jsonl
//
// The lines are those of python_edges.py. Each tsconfig.json is a program of its own; of files in several the first counts.

const childProcess = require("child_process");
const path = require("path");
const ts = require("typescript");

const root = path.resolve(process.argv[2]);
const listed = childProcess.execSync("git ls-files", { cwd: root, encoding: "utf8" }).trim().split("\n");
const tracked = new Set(listed.filter((file) => /\.[cm]?tsx?$/.test(file)));
const done = new Set();

function programs() {
  const configs = listed.filter((file) => /(^|\/)tsconfig[^/]*\.json$/.test(file));
  // The deepest first: they are about the fewest files.
  configs.sort((a, b) => b.split("/").length - a.split("/").length || (a < b ? -1 : 1));
  const found = [];
  for (const config of configs) {
    const file = path.join(root, config);
    const read = ts.readConfigFile(file, ts.sys.readFile);
    const parsed = ts.parseJsonConfigFileContent(read.config ?? {}, ts.sys, path.dirname(file));
    // What a configuration inherits from a package that is not installed is taken to be modern.
    const target = { target: ts.ScriptTarget.ES2022, moduleResolution: ts.ModuleResolutionKind.NodeJs, strict: true };
    const known = Object.entries(parsed.options).filter(([key, value]) => value !== undefined && key !== "lib");
    const options = { ...target, ...Object.fromEntries(known), noEmit: true };
    if (parsed.fileNames.length > 0) found.push(ts.createProgram(parsed.fileNames, options));
  }
  const rest = [...tracked].map((file) => path.join(root, file));
  found.push(ts.createProgram(rest, { target: ts.ScriptTarget.ES2022, moduleResolution: ts.ModuleResolutionKind.NodeJs }));
  return found;
}

// The last name of an expression.
function nameOf(expression) {
  if (ts.isPropertyAccessExpression(expression)) return expression.name;
  if (ts.isParenthesizedExpression(expression) || ts.isNonNullExpression(expression)) return nameOf(expression.expression);
  if (ts.isIdentifier(expression) || expression.kind === ts.SyntaxKind.SuperKeyword) return expression;
  return undefined;
}

function isDefinition(node) {
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)) {
    const value = node.initializer;
    return value !== undefined
      && (ts.isArrowFunction(value) || ts.isFunctionExpression(value) || ts.isClassExpression(value));
  }
  return ts.isFunctionLike(node) && !ts.isFunctionTypeNode(node) || ts.isClassLike(node)
    || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

function declarations(checker, name) {
  let symbol = checker.getSymbolAtLocation(name);
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  return symbol?.declarations ?? [];
}

function say(checker, source, kind, expression) {
  const name = nameOf(expression);
  if (!name) return;
  const at = source.getLineAndCharacterOfPosition(name.getStart());
  const use = { kind, path: path.relative(root, source.fileName), line: at.line + 1, column: at.character + 1 };
  Object.assign(use, { name: name.getText(), to: [], values: [] });
  const found = declarations(checker, name);
  for (const declaration of found) {
    const home = declaration.getSourceFile();
    const file = path.relative(root, home.fileName);
    if (!tracked.has(file)) continue;
    const start = (ts.getNameOfDeclaration(declaration) ?? declaration).getStart();
    const place = { path: file, line: home.getLineAndCharacterOfPosition(start).line + 1 };
    (isDefinition(declaration) ? use.to : use.values).push(place);
  }
  if (use.to.length + use.values.length === 0) use.why = found.length > 0 ? "outside" : "undecided";
  console.log(JSON.stringify(use));
}

function visit(checker, source, node) {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) say(checker, source, "call", node.expression);
  if (ts.isDecorator(node) && !ts.isCallExpression(node.expression)) say(checker, source, "call", node.expression);
  const isElement = ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node);
  if (isElement && !/^[a-z]/.test(node.tagName.getText())) say(checker, source, "call", node.tagName);
  if (ts.isHeritageClause(node)) for (const type of node.types) say(checker, source, "inherits", type.expression);
  ts.forEachChild(node, (child) => visit(checker, source, child));
}

const folders = process.argv.slice(3);
for (const program of programs()) {
  const checker = program.getTypeChecker();
  for (const source of program.getSourceFiles()) {
    const file = path.relative(root, source.fileName);
    const isWanted = folders.length === 0 || folders.some((folder) => file.startsWith(folder + "/"));
    if (!tracked.has(file) || done.has(file) || !isWanted) continue;
    done.add(file);
    visit(checker, source, source);
  }
}
