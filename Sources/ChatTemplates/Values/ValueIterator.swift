/// Walks values once, making each when it is asked for: what Python calls a generator.
final class ValueIterator {
    private enum Source {
        case list(ListValue)
        case view(MapView, count: Int)
        case range(RangeValue)
        case text(Text)
        case mapped(ValueIterator, (Value) throws(RenderFailure) -> Value)
        case filtered(ValueIterator, (Value) throws(RenderFailure) -> Bool)
        /// Not yet known to be iterable: that shows when somebody asks for an item.
        case deferred(Value)
        case finished
    }

    private var source: Source
    /// Index of the next item, or of the next byte.
    private var position = 0
    let depth: Int

    private init(_ source: Source, depth: Int) {
        self.source = source
        self.depth = depth
    }

    convenience init(_ items: [Value]) { self.init(ListValue(items)) }
    convenience init(_ list: ListValue) { self.init(.list(list), depth: list.depth + 1) }
    convenience init(_ view: MapView) { self.init(.view(view, count: view.map.count), depth: view.map.depth + 2) }
    convenience init(_ range: RangeValue) { self.init(.range(range), depth: 1) }
    convenience init(deferring value: Value) { self.init(.deferred(value), depth: value.depth + 1) }
    convenience init(_ text: Text) { self.init(.text(text), depth: 1) }

    convenience init(
        mapping inner: ValueIterator, _ transform: @escaping (Value) throws(RenderFailure) -> Value
    ) throws(RenderFailure) {
        try self.init(.mapped(inner, transform), checkedDepth: inner.depth + 1)
    }

    convenience init(
        filtering inner: ValueIterator, _ predicate: @escaping (Value) throws(RenderFailure) -> Bool
    ) throws(RenderFailure) {
        try self.init(.filtered(inner, predicate), checkedDepth: inner.depth + 1)
    }

    private convenience init(_ source: Source, checkedDepth: Int) throws(RenderFailure) {
        guard checkedDepth <= Value.traversalLimit else { throw Value.tooDeep }
        self.init(source, depth: checkedDepth)
    }

    /// The number of items, if it is known without walking.
    var knownCount: Int? {
        switch source {
        case .list(let list): list.items.count
        case .view(let view, _): view.map.count
        case .range(let range): range.count
        case .text(let text): text.length
        case .mapped, .filtered, .deferred, .finished: nil
        }
    }

    /// The next item, nil after the last. The renderer pays for the steps.
    func next(_ renderer: Renderer) throws(RenderFailure) -> Value? {
        try renderer.charge()
        switch source {
        case .list(let list):
            // A list may grow while it is walked.
            guard position < list.items.count else { break }
            position += 1
            return list.items[position - 1]
        case .view(let view, let count):
            guard view.map.count == count else { throw .evaluation("a map changed its size while it was walked") }
            guard position < count else { break }
            position += 1
            return view[position - 1]
        case .range(let range):
            guard position < range.count else { break }
            position += 1
            return .int(range[position - 1])
        case .text(let text):
            guard position < text.bytes.count else { break }
            let end = position + text.bytes.scalarWidth(at: position)
            defer { position = end }
            return .string(Text(text.bytes[position..<end]))
        case .mapped(let inner, let transform):
            guard let item = try inner.next(renderer) else { break }
            return try transform(item)
        case .filtered(let inner, let predicate):
            while let item = try inner.next(renderer) {
                if try predicate(item) { return item }
            }
        case .deferred(let value):
            let inner = try renderer.makeIterator(value)
            source = .filtered(inner) { _ in true }
            return try next(renderer)
        case .finished: return nil
        }
        source = .finished
        return nil
    }
}

/// What a template reads as `loop`: where the innermost loop is, looking one item ahead when asked.
final class LoopValue {
    private var iterator: ValueIterator
    private var lookahead: Value??
    private var current: Value?
    private(set) var previous: Value?
    private(set) var index0 = -1
    private var cachedLength: Int?
    /// The arguments of the last call of `loop.changed`.
    var lastChanged: ListValue?
    let depth: Int

    init(_ iterator: ValueIterator) {
        self.iterator = iterator
        cachedLength = iterator.knownCount
        depth = iterator.depth + 1
    }

    func advance(_ renderer: Renderer) throws(RenderFailure) -> Value? {
        let item: Value?
        if let lookahead {
            item = lookahead
            self.lookahead = nil
        } else {
            item = try iterator.next(renderer)
        }
        guard let item else { return nil }
        index0 += 1
        previous = current
        current = item
        return item
    }

    func next(_ renderer: Renderer) throws(RenderFailure) -> Value? {
        if let lookahead { return lookahead }
        let item = try iterator.next(renderer)
        lookahead = .some(item)
        return item
    }

    /// All items; those not yet walked are made now if nobody knows their number.
    func length(_ renderer: Renderer) throws(RenderFailure) -> Int {
        if let cachedLength { return cachedLength }
        var rest: [Value] = []
        while let item = try iterator.next(renderer) { rest.append(item) }
        iterator = ValueIterator(rest)
        var length = rest.count + index0 + 1
        if case .some(.some) = lookahead { length += 1 }
        cachedLength = length
        return length
    }
}
