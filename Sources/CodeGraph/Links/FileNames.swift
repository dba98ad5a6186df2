/// What a file has to do with others, by names only: nothing here depends on another file.
struct FileNames {
    /// Names that other files may mean, each once, in order.
    private(set) var defined: [NameHash] = []
    /// Names that the file uses and does not define, each once, in the order of their first use.
    private(set) var used: [Use] = []
    /// The components of what it imports; one of them is the name of the file that is meant, or of its folder.
    private(set) var modules: Set<NameHash> = []

    /// How much the uses of a name say, in whole numbers, so that sums do not depend on their order.
    struct Use {
        var name: NameHash
        /// Where the file imports what defines it.
        var weight: Int
        /// Where the name alone leads to the only file that defines it.
        var weightByName: Int
    }

    init(_ facts: FileFacts, language: String?) {
        let seeds = Seeds(language)
        var isOwn = [Bool](repeating: false, count: facts.names.count)
        for symbol in facts.symbols {
            isOwn[Int(symbol.name)] = !symbol.isDeclaration || isOwn[Int(symbol.name)]
            let isLocal = symbol.parent >= 0 && facts.symbols[Int(symbol.parent)].kind.hasLocals
            guard !isLocal, !symbol.isDeclaration, symbol.kind != .field, symbol.kind.isNameable else { continue }
            defined.append(seeds.hash(facts.names.utf8(symbol.name), isMember: Self.isMember(symbol, facts)))
        }
        defined = Set(defined).sorted()
        for item in facts.imports {
            for id in [item.module, item.name] {
                let parts = facts.names.utf8(id).split { !Self.isOfComponent($0) }
                for part in parts { modules.insert(NameHash(part, seed: Seeds.module)) }
            }
            // Where files say their namespaces, what is imported are names that others define.
            for id in [item.module, item.name] where language == "php" && id != 0 {
                modules.insert(seeds.hash(facts.names.utf8(id), isMember: false))
            }
        }
        var original = Array(0..<facts.names.count)
        for item in facts.imports where item.alias != 0 && item.name != 0 { original[Int(item.alias)] = Int(item.name) }
        let imported = Self.importedNames(facts)
        var counts = Counts(nameCount: facts.names.count)
        for reference in facts.references where !isOwn[Int(reference.name)] {
            let name = original[Int(reference.name)]
            if reference.receiver == 0 || !reference.role.receiverHasName {
                counts.add(name, .plain)
            } else {
                // Behind a variable may be anything; behind what was imported is a module's or a type's.
                let root = facts.names.utf8(reference.receiver).prefix { $0 != UInt8(ascii: ".") }
                let isKnown = imported.contains(root)
                if isKnown { counts.add(name, .plain) }
                counts.add(name, isKnown ? .memberOfKnown : .member)
            }
        }
        for (name, isMember) in counts.order {
            let text = facts.names.utf8(UInt32(name))
            let sure = Self.weight(text, count: isMember ? counts.known[name] : counts.plain[name])
            let unsure = isMember ? Self.weight(text, count: counts.member[name]) / 4 : 0
            let byName = sure / 2 + (Self.isCompound(text) ? unsure / 4 : 0)
            let hash = seeds.hash(text, isMember: isMember)
            used.append(Use(name: hash, weight: max(1, sure + unsure), weightByName: byName))
        }
    }

    private struct Counts {
        enum Sort { case plain, member, memberOfKnown }

        private(set) var plain: [Int]
        private(set) var member: [Int]
        private(set) var known: [Int]
        /// Names in the order of their first use.
        private(set) var order: [(name: Int, isMember: Bool)] = []

        init(nameCount: Int) {
            plain = [Int](repeating: 0, count: nameCount)
            member = plain
            known = plain
        }

        mutating func add(_ name: Int, _ sort: Sort) {
            if sort == .plain {
                if plain[name] == 0 { order.append((name, false)) }
                plain[name] += 1
            } else {
                if member[name] + known[name] == 0 { order.append((name, true)) }
                if sort == .member { member[name] += 1 } else { known[name] += 1 }
            }
        }
    }

    private static func isMember(_ symbol: SymbolFact, _ facts: FileFacts) -> Bool {
        symbol.owner != 0 || (symbol.parent >= 0 && facts.symbols[Int(symbol.parent)].kind.isType)
    }

    /// The names of modules and of what was taken from them.
    private static func importedNames(_ facts: FileFacts) -> Set<ArraySlice<UInt8>> {
        var found: Set<ArraySlice<UInt8>> = []
        for item in facts.imports {
            let id = item.alias != 0 ? item.alias : item.name != 0 ? item.name : item.module
            found.insert(facts.names.utf8(id).prefix { $0 != UInt8(ascii: ".") })
        }
        return found
    }

    /// Of several words: `append` may be anyone's, `append_row` is somebody's.
    static func isCompound(_ name: ArraySlice<UInt8>) -> Bool {
        let rest = name.drop { $0 == UInt8(ascii: "_") }
        return rest.contains(UInt8(ascii: "_")) || rest.dropFirst().contains { $0 >= 65 && $0 <= 90 }
    }

    /// The hashes by which the names of symbols are known to other files.
    static func hashes(of symbols: [Int], in facts: FileFacts, language: String?) -> [NameHash] {
        let seeds = Seeds(language)
        return symbols.map { ordinal in
            let symbol = facts.symbols[ordinal]
            return seeds.hash(facts.names.utf8(symbol.name), isMember: isMember(symbol, facts))
        }
    }

    /// Names of different languages are different names, unless these languages see each other's; and so are those of
    /// members, where members are named behind a dot only.
    private struct Seeds {
        static let module: UInt32 = 1
        private let top: UInt32
        private let member: UInt32

        init(_ language: String?) {
            let rules = LanguageRules.of(language)
            top = NameHash((rules.family.min() ?? "").utf8, seed: 0).value
            member = rules.seesMembersWithoutReceiver ? top : top ^ 0x5bd1_e995
        }

        func hash(_ name: ArraySlice<UInt8>, isMember: Bool) -> NameHash {
            NameHash(name, seed: isMember ? member : top)
        }
    }

    private static func isOfComponent(_ byte: UInt8) -> Bool {
        !"/.:\"'`<> \\".utf8.contains(byte)
    }

    /// The components by which imports can name a file: its name up to the first dot and, where a package is a folder,
    /// its folder's.
    static func modules(naming path: String) -> [NameHash] {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        let names = parts.suffix(1).map { $0.prefix { $0 != UInt8(ascii: ".") } }
        let isInPackage = [".go", ".java", ".kt", ".scala"].contains { path.hasSuffix($0) }
        let found = names + (isInPackage ? parts.dropLast().suffix(1) : [])
        // Rust's modules are also named by where they are.
        let places = path.hasSuffix(".rs") ? ["super", "self", "crate"].map { Array($0.utf8)[...] } : []
        return found.map { NameHash($0, seed: Seeds.module) } + places.map { NameHash($0, seed: Seeds.module) }
    }

    /// Long names are chosen, short ones happen; more uses say less and less more.
    private static func weight(_ name: ArraySlice<UInt8>, count: Int) -> Int {
        let isPrivate = name.first == UInt8(ascii: "_")
        let telling = Double(min(name.count, 16)) / 16 * (isPrivate ? 0.1 : 1)
        return Int((Double(count).squareRoot() * telling * 256).rounded())
    }
}

/// A name of a family of languages in 32 bits. Two names in a hundred thousand may meet: rankings can bear that.
struct NameHash: Hashable, Comparable, Sendable {
    let value: UInt32

    init(_ value: UInt32) { self.value = value }

    /// FNV-1a.
    init(_ bytes: some Sequence<UInt8>, seed: UInt32) {
        var hash = 0xcbf2_9ce4_8422_2325 ^ UInt64(seed)
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // 0 stands for no name.
        value = max(1, UInt32(truncatingIfNeeded: hash ^ (hash >> 32)))
    }

    static let none = NameHash(0)

    static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

extension NameHash {
    /// 4 bytes for each, little-endian.
    static func bytes(_ hashes: [NameHash]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hashes.count * 4)
        for hash in hashes {
            for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: hash.value >> shift)) }
        }
        return bytes
    }

    static func hashes(_ bytes: [UInt8]) -> [NameHash] {
        stride(from: 0, to: bytes.count & ~3, by: 4).map { place in
            let low = UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
            return NameHash(low | UInt32(bytes[place + 2]) << 16 | UInt32(bytes[place + 3]) << 24)
        }
    }
}
