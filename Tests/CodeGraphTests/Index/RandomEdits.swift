import Foundation
import TestSupport

/// Changes a repository of Python and C at random, in all the ways in which files change.
struct RandomEdits {
    private static let folders = ["", "app/", "app/core/", "lib/", "lib/net/", "include/"]
    private static let stems = ["alpha", "beta", "gamma", "store", "util", "__init__"]
    private static let names = ["load", "save", "open_store", "parseHTTP", "run", "Table", "Store", "Item", "close"]
    private static let modules = ["app", "app.core", "app.core.util", "lib.net.alpha", "util", ".", ".beta", "..store"]
    private static let rules = ["*.pyc", "lib/", "/app/core", "beta.*", "!beta.py", "util.h", "*.c", "gamma*"]

    let root: String
    private var random: SplitMix64
    private(set) var log: [String] = []

    init(root: String, seed: Int) {
        self.root = root
        random = SplitMix64(seed: UInt64(seed))
    }

    mutating func make() throws {
        for _ in 0..<16 { try write(newPath()) }
    }

    mutating func edit() throws {
        let all = files()
        guard let path = all.isEmpty ? nil : all[random.below(all.count)] else { return try make() }
        switch random.below(14) {
        case 0, 1: try write(newPath())
        case 2, 3: try write(path)
        case 4: try move(path, to: newPath())
        case 5: try remove(path)
        case 6: try move(folder(of: path), to: Self.folders[1 + random.below(5)] + "moved\(random.below(3))")
        case 7: try writeRules()
        case 8: try turnIntoFolder(path)
        case 9: try turnIntoFile(folder(of: path))
        case 10: try touch(path)
        case 11: try changeInPlace(path)
        case 12: try replaceWithSameStamp(path)
        default: try swap(path, all[random.below(all.count)])
        }
    }

    // MARK: Kinds of edits

    private mutating func write(_ path: String) throws {
        let text = path.hasSuffix(".py") ? python() : path.hasSuffix(".txt") ? prose() : c()
        try put(text, at: path)
    }

    private mutating func put(_ text: String, at path: String) throws {
        log.append("write \(path)")
        let full = root + "/" + path
        try? FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        // A file may stand where a folder has to be, and the other way round.
        try? Data(text.utf8).write(to: URL(fileURLWithPath: full))
    }

    private mutating func move(_ path: String, to target: String) throws {
        guard !path.isEmpty, path != target, !target.hasPrefix(path + "/") else { return }
        log.append("move \(path) to \(target)")
        let full = root + "/" + target
        try? FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        rename(root + "/" + path, full)
    }

    private mutating func remove(_ path: String) throws {
        log.append("remove \(path)")
        try FileManager.default.removeItem(atPath: root + "/" + path)
    }

    private mutating func writeRules() throws {
        let path = Self.folders[random.below(3)] + ".gitignore"
        if random.below(2) == 0 {
            log.append("remove \(path)")
            try? FileManager.default.removeItem(atPath: root + "/" + path)
            return
        }
        let count = 1 + random.below(2)
        try put((0..<count).map { _ in Self.rules[random.below(Self.rules.count)] }.joined(separator: "\n"), at: path)
    }

    private mutating func turnIntoFolder(_ path: String) throws {
        try remove(path)
        try put(python(), at: path + "/inner.py")
    }

    private mutating func turnIntoFile(_ folder: String) throws {
        guard !folder.isEmpty else { return }
        try remove(folder)
        try put(python(), at: folder)
    }

    private mutating func touch(_ path: String) throws {
        log.append("touch \(path)")
        let seconds = TimeInterval(random.below(1_000_000_000))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: root + "/" + path)
    }

    /// The same inode, size and time of modification: only the time of change tells.
    private mutating func changeInPlace(_ path: String) throws {
        log.append("change \(path) in place")
        var status = stat()
        guard stat(root + "/" + path, &status) == 0 else { return }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: root + "/" + path))
        let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        try file.seek(toOffset: 0)
        try file.write(contentsOf: Data(exchanged(text).utf8))
        try file.close()
        restoreTime(path, status)
    }

    /// Another file with the same size and time in its place: the inode tells.
    private mutating func replaceWithSameStamp(_ path: String) throws {
        log.append("replace \(path)")
        var status = stat()
        guard stat(root + "/" + path, &status) == 0 else { return }
        let text = try String(contentsOfFile: root + "/" + path, encoding: .utf8)
        try Data(exchanged(text).utf8).write(to: URL(fileURLWithPath: root + "/new.tmp"))
        rename(root + "/new.tmp", root + "/" + path)
        restoreTime(path, status)
    }

    private mutating func swap(_ path: String, _ other: String) throws {
        guard path != other else { return }
        log.append("swap \(path) and \(other)")
        rename(root + "/" + path, root + "/swap.tmp")
        rename(root + "/" + other, root + "/" + path)
        rename(root + "/swap.tmp", root + "/" + other)
    }

    private func restoreTime(_ path: String, _ status: stat) {
        #if canImport(Darwin)
            let times = [status.st_atimespec, status.st_mtimespec]
        #else
            let times = [status.st_atim, status.st_mtim]
        #endif
        utimensat(AT_FDCWD, root + "/" + path, times, 0)
    }

    /// Other words of the same lengths.
    private func exchanged(_ text: String) -> String {
        text.replacing("load", with: "L0AD").replacing("save", with: "load").replacing("L0AD", with: "save")
            .replacing("run", with: "fun").replacing("Store", with: "Stare")
    }

    // MARK: Texts

    private mutating func name() -> String { Self.names[random.below(Self.names.count)] }

    private mutating func python() -> String {
        var text = ""
        for _ in 0..<random.below(3) {
            let module = Self.modules[random.below(Self.modules.count)]
            switch random.below(3) {
            case 0 where !module.hasPrefix("."): text += "import \(module)\n"
            case 1: text += "from \(module) import *\n"
            default: text += "from \(module) import \(name()) as \(name())\n"
            }
        }
        for _ in 0..<random.below(3) {
            text += "class \(name())(\(name())):\n    \"\"\"Keeps \(name()) of \(name()).\"\"\"\n"
            for _ in 0...random.below(2) { text += "    def \(name())(self):\n        self.\(name())()\n" }
        }
        for _ in 0...random.below(3) {
            text += "# Does \(name()).\ndef \(name())(x):\n    y = \(name())()\n"
            text += "    y.\(name())()\n    return \(name())(x)\n"
        }
        return text
    }

    private mutating func c() -> String {
        var text = "#include \"\(Self.stems[random.below(5)]).h\"\n#include <stdio.h>\n"
        if random.below(2) == 0 { text += "struct \(name()) { int \(name()); int (*\(name()))(int); };\n" }
        if random.below(2) == 0 { text += "int \(name())(int);\n" }
        if random.below(3) == 0 { text += "#define \(name())(x) (x)\n" }
        if random.below(3) == 0 {
            let macro = name()
            text += "#ifndef \(macro)\n#define \(macro)(x) (x)\n#endif\n"
        }
        for _ in 0...random.below(3) {
            text += random.below(3) == 0 ? "static " : ""
            text += "int \(name())(int a)\n{\n\treturn \(name())(a) + \(name())(2);\n}\n"
        }
        return text
    }

    private mutating func prose() -> String {
        random.below(4) == 0 ? "\0binary" : "About \(name()) and \(name()). Grüße \u{1F600}\n"
    }

    // MARK: Places

    private mutating func newPath() -> String {
        let stem = Self.folders[random.below(Self.folders.count)] + Self.stems[random.below(Self.stems.count)]
        return stem + [".py", ".py", ".c", ".h", ".txt"][random.below(5)]
    }

    private func folder(of path: String) -> String { (path as NSString).deletingLastPathComponent }

    private func files() -> [String] {
        let found = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return found.filter { path in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
            return exists && !isFolder.boolValue
        }.sorted()
    }
}
