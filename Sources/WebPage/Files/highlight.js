// Colors for code: reads a line at a time and carries over what stays open at its end, so that a growing text is never
// read twice. Rough on purpose: comments, strings, numbers, keywords, types, calls.

const words = (text) => new Set(text.split(" "));
const cComments = { line: ["//"], block: [["/*", "*/"]] };

const languages = {
  swift: {
    ...cComments, long: [['"""', '"""']], quotes: '"',
    keywords: words("actor any as associatedtype async await borrowing break case catch class consuming continue default defer deinit do else enum extension fallthrough false fileprivate final for func guard if import in indirect infix init inout internal is isolated lazy let mutating nil nonisolated open operator override package postfix precedencegroup prefix private protocol public repeat rethrows return self Self sending some static struct subscript super switch throw throws true try typealias unowned unsafe var weak where while"),
  },
  python: {
    line: ["#"], long: [['"""', '"""'], ["'''", "'''"]], quotes: "\"'",
    keywords: words("and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield"),
  },
  c: {
    ...cComments, quotes: "\"'", preprocessor: true,
    keywords: words("alignas alignof auto bool break case catch char class co_await co_return co_yield concept const consteval constexpr constinit const_cast continue decltype default delete do double dynamic_cast else enum explicit export extern false final float for friend goto if inline int long mutable namespace new noexcept nullptr NULL operator override private protected public register reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile while"),
  },
  javascript: {
    ...cComments, long: [["`", "`"]], quotes: "\"'",
    keywords: words("abstract any as async await boolean break case catch class const constructor continue debugger declare default delete do else enum export extends false finally for from function get if implements import in infer instanceof interface keyof let namespace never new null number of private protected public readonly return satisfies set static string super switch this throw true try type typeof undefined unknown var void while with yield"),
  },
  rust: {
    ...cComments, quotes: '"', lifetimes: true,
    keywords: words("as async await bool box break char const continue crate dyn else enum extern f32 f64 false fn for i128 i16 i32 i64 i8 if impl in isize let loop match mod move mut pub ref return self Self static str struct super trait true type u128 u16 u32 u64 u8 union unsafe use usize where while yield"),
  },
  go: {
    ...cComments, long: [["`", "`"]], quotes: "\"'",
    keywords: words("any bool break byte case chan const continue default defer else error fallthrough false float32 float64 for func go goto if import int int32 int64 interface iota map nil package range return rune select string struct switch true type uint uint64 var"),
  },
  java: {
    ...cComments, long: [['"""', '"""']], quotes: "\"'",
    keywords: words("abstract as assert boolean break by byte case catch char class companion const continue data default do double else enum extends false final finally float for fun if implements import in inner instanceof int interface internal is lateinit long native new null object open operator out override package permits private protected public record return sealed short static strictfp super suspend switch synchronized this throw throws transient true try val var void volatile when while yield"),
  },
  csharp: {
    ...cComments, long: [['"""', '"""']], quotes: "\"'", preprocessor: true,
    keywords: words("abstract as async await base bool break byte case catch char class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get global if implicit in init int interface internal is lock long namespace new null object operator out override params private protected public readonly record ref required return sealed set short sizeof static string struct switch this throw true try typeof uint ulong unsafe using var virtual void volatile when where while with yield"),
  },
  ruby: {
    line: ["#"], quotes: "\"'",
    keywords: words("alias and begin break case class def defined? do else elsif end ensure extend false for if in include module next nil not or private raise redo require rescue retry return self super then true undef unless until when while yield"),
  },
  php: {
    line: ["//", "#"], block: [["/*", "*/"]], quotes: "\"'",
    keywords: words("abstract and array as bool break case catch class clone const continue declare default do echo else elseif enum extends false final finally float fn for foreach function global if implements include instanceof int interface isset list match mixed namespace new null object or private protected public readonly require return self static string switch this throw trait true try unset use var void while yield"),
  },
  shell: {
    line: ["#"], quotes: "\"'", hashNeedsSpace: true, variables: true,
    keywords: words("alias break case cd continue declare do done echo elif else esac eval exec exit export false fi for function if in local read readonly return select set shift source then time trap true unset until while"),
  },
  sql: {
    line: ["--"], block: [["/*", "*/"]], quotes: "\"'", ignoresCase: true,
    keywords: words("add all alter and as asc begin between bigint boolean by cascade case check column commit constraint create cross date default delete desc distinct drop else end exists explain foreign from full group having if in index inner insert int integer into is join key left like limit not null numeric offset on or order outer over partition primary references returning right rollback select serial set table text then timestamp transaction trigger union unique update using values varchar view when where with"),
  },
  json: { quotes: '"', keywords: words("true false null") },
  yaml: { line: ["#"], quotes: "\"'", hashNeedsSpace: true, keywords: words("true false null yes no on off") },
  toml: { line: ["#"], long: [['"""', '"""'], ["'''", "'''"]], quotes: "\"'", keywords: words("true false") },
  make: {
    line: ["#"], quotes: "\"'", variables: true,
    keywords: words("define else endef endif export ifdef ifeq ifndef ifneq include override FROM RUN COPY ADD CMD ENTRYPOINT ENV ARG WORKDIR EXPOSE USER VOLUME LABEL"),
  },
  css: { block: [["/*", "*/"]], quotes: "\"'", keywords: words("auto inherit initial none unset important") },
  html: { block: [["<!--", "-->"]], quotes: "\"'", keywords: words("DOCTYPE"), tags: true },
};

for (const rules of Object.values(languages)) {
  const kinds = [[rules.block, "c"], [rules.long, "s"]];
  rules.spans = kinds.flatMap(([pairs, kind]) => (pairs ?? []).map((pair) => [...pair, kind]));
}

const aliases = {
  py: "python", python3: "python", "c++": "c", cpp: "c", cc: "c", cxx: "c", h: "c", hpp: "c", objc: "c", cuda: "c", js: "javascript",
  jsx: "javascript", mjs: "javascript", ts: "javascript", tsx: "javascript", typescript: "javascript", rs: "rust", golang: "go",
  kotlin: "java", kt: "java", scala: "java", dart: "java", groovy: "java", cs: "csharp", "c#": "csharp", rb: "ruby", sh: "shell",
  bash: "shell", zsh: "shell", fish: "shell", console: "shell", yml: "yaml", jsonc: "json", json5: "json", ini: "toml",
  makefile: "make", mk: "make", dockerfile: "make", postgresql: "sql", mysql: "sql", sqlite: "sql", scss: "css", less: "css",
  xml: "html", svg: "html", vue: "html", patch: "diff",
};

/// The name under which a language's rules are kept, or null.
export function languageOf(info) {
  const name = info.trim().split(/[\s,{:]/)[0].toLowerCase();
  const known = aliases[name] ?? name;
  return known === "diff" || Object.hasOwn(languages, known) ? known : null;
}

/// Pieces of one line, as [class or "", text], and what is still open after it.
/// - open: of the line before; null at first.
export function readLine(line, language, open) {
  if (language === "diff") {
    const kind = line.startsWith("+") ? "a" : line.startsWith("-") ? "r" : line.startsWith("@@") ? "k" : "";
    return { pieces: [[kind, line]], open: null };
  }
  const rules = languages[language];
  const pieces = [];
  const add = (kind, text) => {
    const last = pieces.at(-1);
    if (last && last[0] === kind) last[1] += text;
    else if (text) pieces.push([kind, text]);
  };
  let at = 0;
  if (open) {
    const end = line.indexOf(open.close);
    if (end < 0) return { pieces: [[open.kind, line]], open };
    at = end + open.close.length;
    add(open.kind, line.slice(0, at));
  }
  if (rules.preprocessor && at === 0) {
    const directive = /^\s*#\s*\w+/.exec(line);
    if (directive) { add("k", directive[0]); at = directive[0].length; }
  }
  while (at < line.length) {
    const comment = rules.line?.find((mark) => line.startsWith(mark, at));
    if (comment && !(rules.hashNeedsSpace && at > 0 && !/\s/.test(line[at - 1]))) {
      add("c", line.slice(at));
      return { pieces, open: null };
    }
    const pair = rules.spans.find(([begin]) => line.startsWith(begin, at));
    if (pair) {
      const [begin, close, kind] = pair;
      const end = line.indexOf(close, at + begin.length);
      if (end < 0) {
        add(kind, line.slice(at));
        return { pieces, open: { close, kind } };
      }
      add(kind, line.slice(at, end + close.length));
      at = end + close.length;
      continue;
    }
    at += readToken(line, at, rules, add);
  }
  return { pieces, open: null };
}

const token = /[\p{L}_$][\p{L}\p{N}_$]*[?]?|\d[\p{L}\p{N}_.]*|\s+/uy;

/// Adds one token of a line and says how long it is.
function readToken(line, at, rules, add) {
  const character = line[at];
  if (rules.quotes?.includes(character)) {
    let end = at + 1;
    while (end < line.length && line[end] !== character) end += line[end] === "\\" ? 2 : 1;
    end = Math.min(end + 1, line.length);
    const isKey = /^\s*:/.test(line.slice(end)) && rules === languages.json;
    add(isKey ? "f" : "s", line.slice(at, end));
    return end - at;
  }
  if (rules.lifetimes && character === "'") {
    const found = /^'(?:\\.[^']*|[^'\\])'|^'\w+/u.exec(line.slice(at, at + 16));
    if (found) { add(found[0].endsWith("'") ? "s" : "t", found[0]); return found[0].length; }
  }
  if (rules.variables && character === "$") {
    const found = /^\$(?:\w+|[{(][\w@#?]+[)}]?|[@#?*!$-])/.exec(line.slice(at, at + 200));
    if (found) { add("t", found[0]); return found[0].length; }
  }
  token.lastIndex = at;
  let text = token.exec(line)?.[0];
  if (!text) { add("", character); return 1; }
  if (text.endsWith("?") && !rules.keywords.has(text)) text = text.slice(0, -1);
  const rest = line.slice(at + text.length, at + text.length + 3);
  if (/^\s/.test(text)) add("", text);
  else if (/^\d/.test(text)) add("n", text);
  else if (rules.keywords.has(rules.ignoresCase ? text.toLowerCase() : text)) add("k", text);
  else if (rules.tags) add(/[</]/.test(line[at - 1] ?? "") ? "k" : rest.startsWith("=") ? "f" : "", text);
  else if (/^\p{Lu}/u.test(text) && !rules.ignoresCase && rules !== languages.yaml && rules !== languages.shell) add("t", text);
  else if (rest.startsWith("(") || ((rules === languages.yaml || rules === languages.css) && rest.startsWith(":")))
    add("f", text);
  else add("", text);
  return text.length;
}
