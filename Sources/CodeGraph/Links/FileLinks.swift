/// What a file uses of others: the edges that go out from it, in order of the files and names.
struct FileLinks {
    struct Link: Hashable {
        var target: Int
        /// What is used; none for the import itself.
        var name: NameHash
        var weight: Int
    }

    private(set) var links: [Link] = []

    /// What the import of a file says without a use of its names.
    private static let importWeight = 16

    /// - Parameters:
    ///   - imported: the files that it imports, and those that these pass on.
    ///   - definers: the files that define a name, in order.
    init(
        _ id: Int, _ names: FileNames, imported: Set<Int> = [], definers: (NameHash) -> [Int] = { _ in [] }
    ) {
        for file in imported.sorted() where file != id {
            links.append(Link(target: file, name: .none, weight: Self.importWeight))
        }
        for use in names.used {
            let all = definers(use.name)
            let seen = all.filter { $0 != id && imported.contains($0) }
            if !seen.isEmpty {
                let weight = max(1, use.weight / seen.count)
                for file in seen { links.append(Link(target: file, name: use.name, weight: weight)) }
            } else if all.count == 1, all[0] != id, use.weightByName > 0 {
                // Of several nothing tells which, so none counts.
                links.append(Link(target: all[0], name: use.name, weight: use.weightByName))
            }
        }
        links.sort { ($0.target, $0.name) < ($1.target, $1.name) }
    }

    // MARK: As bytes

    var encoded: [UInt8] {
        var out = ByteWriter()
        var place = 0
        while place < links.count {
            let target = links[place].target
            let end = links[place...].firstIndex { $0.target != target } ?? links.count
            out.write(target)
            out.write(end - place)
            for link in links[place..<end] {
                out.write(Int(link.name.value))
                out.write(link.weight)
            }
            place = end
        }
        return out.bytes
    }

    /// Calls `body` with each link of stored ones. Stops early where the bytes are damaged.
    static func forEach(in bytes: [UInt8], _ body: (Link) -> Void) {
        var input = ByteReader(bytes: bytes)
        while !input.isAtEnd {
            let target = input.read()
            let count = input.count()
            for _ in 0..<count {
                let name = NameHash(UInt32(clamping: input.read()))
                body(Link(target: target, name: name, weight: input.read()))
            }
        }
    }
}
