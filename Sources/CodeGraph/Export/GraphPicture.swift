/// A graph as boxes and lines, few enough to be drawn at once: folders, files or symbols, each line standing for all uses
/// between two boxes.
package struct GraphPicture: Sendable {
    package enum Level: String, Hashable, Sendable, CaseIterable {
        /// Folders.
        case modules
        case files, symbols
    }

    package struct Box: Sendable {
        package var name: String
        /// Names of what it is in, the outermost first: folders, the file, types.
        package var around: [String]
        /// Nil for folders and files.
        package var kind: SymbolKind?
        /// Where it is: a path, with the line of a symbol.
        package var place: String
        /// How much matters what it shows.
        fileprivate var weight: Float
    }

    package struct Line: Sendable {
        /// Places in `boxes`.
        package var from: Int
        package var to: Int
        /// How many uses of each kind.
        package var uses: [EdgeKind: Int]

        package var weight: Int { uses.values.reduce(0, +) }
    }

    package private(set) var level: Level
    package private(set) var boxes: [Box] = []
    /// By the boxes that they join.
    package private(set) var lines: [Line] = []
    /// Those that matter least.
    package private(set) var boxesLeftOut = 0
    package private(set) var linesLeftOut = 0
    /// How many levels of folders are told apart where not all are.
    package private(set) var depth: Int?

    /// Lines for each box at most.
    private static let linesPerBox = 2

    /// - Parameters:
    ///   - level: nil for the finest of which there are not more than `limit`.
    ///   - limit: boxes at most.
    package init(_ snapshot: GraphSnapshot, level: Level? = nil, limit: Int) {
        let chosen = level ?? Self.finest(of: snapshot, limit: limit)
        self.level = chosen
        var seenAs: [Int]
        switch chosen {
        case .modules: seenAs = addModules(snapshot, limit)
        case .files: seenAs = addFiles(snapshot)
        case .symbols: seenAs = addSymbols(snapshot)
        }
        keepBest(limit, &seenAs)
        join(snapshot, seenAs)
        switch chosen {
        case .modules: putFoldersInTheirFrames()
        case .files: break
        case .symbols: dropBareFrames()
        }
    }

    private static func finest(of snapshot: GraphSnapshot, limit: Int) -> Level {
        let isWhole = !snapshot.files.contains { $0.symbolsLeftOut > 0 }
        if isWhole, snapshot.symbols.count(where: { $0.fact.isDrawn }) <= limit { return .symbols }
        return snapshot.files.count(where: { $0.language != nil }) <= limit ? .files : .modules
    }

    // MARK: Boxes

    /// Each returns the box that each node is seen as; -1 for none.
    private mutating func addModules(_ snapshot: GraphSnapshot, _ limit: Int) -> [Int] {
        let folders = snapshot.files.map { file in
            file.language == nil ? nil : file.path.split(separator: "/").dropLast().map(String.init)
        }
        let deepest = folders.compactMap { $0?.count }.max() ?? 0
        var depth = deepest
        while depth > 1, Set(folders.compactMap { $0?.prefix(depth) }).count > limit { depth -= 1 }
        if depth < deepest { self.depth = depth }
        var places: [[String]: Int] = [:]
        var seenAs: [Int] = []
        for (index, folder) in folders.enumerated() {
            guard let path = folder.map({ Array($0.prefix(depth)) }) else {
                seenAs.append(-1)
                continue
            }
            if places[path] == nil {
                places[path] = boxes.count
                boxes.append(
                    Box(
                        name: path.last ?? ".", around: path.dropLast(), kind: nil,
                        place: path.isEmpty ? "." : path.joined(separator: "/"), weight: 0))
            }
            boxes[places[path]!].weight += snapshot.files[index].rank
            seenAs.append(places[path]!)
        }
        return seenAs + snapshot.symbols.map { seenAs[$0.file] }
    }

    private mutating func addFiles(_ snapshot: GraphSnapshot) -> [Int] {
        var seenAs: [Int] = []
        for file in snapshot.files {
            guard file.language != nil else {
                seenAs.append(-1)
                continue
            }
            let parts = file.path.split(separator: "/").map(String.init)
            seenAs.append(boxes.count)
            boxes.append(
                Box(
                    name: parts.last ?? "", around: parts.dropLast(), kind: nil, place: file.path, weight: file.rank))
        }
        return seenAs + snapshot.symbols.map { seenAs[$0.file] }
    }

    /// Types and what can be called. Others are seen as what they are in.
    private mutating func addSymbols(_ snapshot: GraphSnapshot) -> [Int] {
        var seenAs = [Int](repeating: -1, count: snapshot.files.count)
        var uses = [Float](repeating: 0, count: snapshot.files.count + snapshot.symbols.count)
        for edge in snapshot.edges where edge.kind != .overrides {
            uses[edge.to] += 1
            uses[edge.from] += 0.1
        }
        for (place, symbol) in snapshot.symbols.enumerated() {
            guard symbol.fact.isDrawn else {
                seenAs.append(seenAs[symbol.parent])
                continue
            }
            var around: [String] = []
            var outer = symbol.parent
            while let known = snapshot.symbol(atNode: outer) {
                around.insert(known.name, at: 0)
                outer = known.parent
            }
            let path = snapshot.files[symbol.file].path
            seenAs.append(boxes.count)
            boxes.append(
                Box(
                    name: symbol.owner.isEmpty ? symbol.name : symbol.owner + "." + symbol.name,
                    around: path.split(separator: "/").map(String.init) + around, kind: symbol.fact.kind,
                    place: "\(path):\(symbol.fact.line)", weight: uses[snapshot.files.count + place]))
        }
        return seenAs
    }

    private mutating func keepBest(_ limit: Int, _ seenAs: inout [Int]) {
        guard boxes.count > limit else { return }
        let best = boxes.indices.sorted { (boxes[$1].weight, $0) < (boxes[$0].weight, $1) }.prefix(limit).sorted()
        boxesLeftOut = boxes.count - limit
        let places = Dictionary(uniqueKeysWithValues: best.enumerated().map { ($1, $0) })
        boxes = best.map { boxes[$0] }
        for node in seenAs.indices { seenAs[node] = places[seenAs[node]] ?? -1 }
    }

    // MARK: Lines

    private mutating func join(_ snapshot: GraphSnapshot, _ seenAs: [Int]) {
        var found: [[Int]: [EdgeKind: Int]] = [:]
        for edge in snapshot.edges {
            let (from, to) = (seenAs[edge.from], seenAs[edge.to])
            guard from >= 0, to >= 0, from != to else { continue }
            found[[from, to], default: [:]][edge.kind, default: 0] += 1
        }
        var all = found.map { Line(from: $0[0], to: $0[1], uses: $1) }
        all.sort { ($1.weight, $0.from, $0.to) < ($0.weight, $1.from, $1.to) }
        let kept = all.prefix(boxes.count * Self.linesPerBox)
        linesLeftOut = all.count - kept.count
        lines = kept.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    // MARK: Frames

    /// The paths of all frames around boxes.
    private var frames: Set<[String]> {
        var found: Set<[String]> = []
        for box in boxes {
            for count in box.around.indices { found.insert(Array(box.around.prefix(count + 1))) }
        }
        return found
    }

    /// A folder's own files stand beside its folders.
    private mutating func putFoldersInTheirFrames() {
        let frames = frames
        for place in boxes.indices where frames.contains(boxes[place].around + [boxes[place].name]) {
            boxes[place].around.append(boxes[place].name)
        }
    }

    /// A type that nothing uses is seen well enough around its members.
    private mutating func dropBareFrames() {
        let frames = frames
        let joined = Set(lines.flatMap { [$0.from, $0.to] })
        let kept = boxes.indices.filter {
            joined.contains($0) || !frames.contains(boxes[$0].around + [boxes[$0].name])
        }
        let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
        boxes = kept.map { boxes[$0] }
        for index in lines.indices {
            lines[index].from = places[lines[index].from] ?? 0
            lines[index].to = places[lines[index].to] ?? 0
        }
    }
}

extension SymbolFact {
    /// Whether a picture has a box for it.
    fileprivate var isDrawn: Bool { kind.isType || kind.isCallable }
}
