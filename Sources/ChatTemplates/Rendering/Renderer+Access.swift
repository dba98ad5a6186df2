extension Renderer {
    /// `value.name`: methods come before entries, as in Python.
    func attribute(_ name: AttributeName, of value: Value) throws(RenderFailure) -> Value {
        switch value {
        case .map(let map):
            if let method = name.mapMethod { return .method(MethodValue(.map(method), of: value)) }
            return map[name.text] ?? .undefined(.attribute(name.string, of: value))
        case .undefined(let origin): throw origin.failure
        default: return try method(name, of: value) ?? .undefined(.attribute(name.string, of: value))
        }
    }

    /// `value[key]`: entries come before methods.
    func item(_ key: Value, of value: Value) throws(RenderFailure) -> Value {
        switch value {
        case .undefined(let origin): throw origin.failure
        case .map(let map):
            if let key = MapKey(key), let found = map.value(for: key) { return found }
        case .list(let items), .tuple(let items):
            if let index = index(key, count: items.items.count) { return items.items[index] }
        case .range(let range):
            if let index = index(key, count: range.count) { return .int(range[index]) }
        case .string(let text):
            if case .int? = key.number {
                let length = text.length
                try charge(bytes: text.bytes.count)
                if let index = index(key, count: length) {
                    return .string(try slice(text, index))
                }
            }
        default: break
        }
        guard case .string(let name) = key else {
            return .undefined(.element(try representation(key).string, ofType: value.typeName))
        }
        let known = AttributeName(name.string)
        if case .map = value, let method = known.mapMethod { return .method(MethodValue(.map(method), of: value)) }
        return try method(known, of: value) ?? .undefined(.attribute(known.string, of: value))
    }

    private func slice(_ text: Text, _ index: Int) throws(RenderFailure) -> Text {
        guard case .string(let character) = try slice(.string(text), start: index, stop: index + 1, step: nil) else {
            return Text()
        }
        return character
    }

    /// What a subscript means for a sequence; nil when it is no integer or out of bounds.
    private func index(_ key: Value, count: Int) -> Int? {
        guard case .int(let index)? = key.number else { return nil }
        let position = index < 0 ? index + count : index
        return (0..<count).contains(position) ? position : nil
    }

    private func method(_ name: AttributeName, of value: Value) throws(RenderFailure) -> Value? {
        switch value {
        case .string: name.textMethod.map { .method(MethodValue(.text($0), of: value)) }
        case .list: name.listMethod.map { .method(MethodValue(.list($0), of: value)) }
        case .tuple, .range:
            name.listMethod.flatMap { method -> Value? in
                method.isReadOnly ? .method(MethodValue(.list(method), of: value)) : nil
            }
        case .namespace(let namespace): name.string.hasPrefix("_") ? nil : namespace.attributes[name.text]
        case .loop(let loop): try loopAttribute(name.string, of: loop)
        case .function(.dict) where name.string == "fromkeys": .method(MethodValue(.fromKeys, of: value))
        case .macro(let macro) where name.string == "name": .string(Text(macro.definition.name ?? ""))
        default: nil
        }
    }

    private func loopAttribute(_ name: String, of loop: LoopValue) throws(RenderFailure) -> Value? {
        switch name {
        case "index": .int(loop.index0 + 1)
        case "index0": .int(loop.index0)
        case "revindex": .int(try loop.length(self) - loop.index0)
        case "revindex0": .int(try loop.length(self) - loop.index0 - 1)
        case "length": .int(try loop.length(self))
        case "first": .bool(loop.index0 == 0)
        case "last": .bool(try loop.next(self) == nil)
        case "nextitem": try loop.next(self) ?? .undefined(.other("there is no next item"))
        case "depth": .int(1)
        case "depth0": .int(0)
        case "previtem":
            loop.index0 == 0 ? .undefined(.other("there is no previous item")) : loop.previous
        default: LoopMethod(rawValue: name).map { .method(MethodValue(.loop($0), of: .loop(loop))) }
        }
    }

    // MARK: Iteration

    func makeIterator(_ value: Value) throws(RenderFailure) -> ValueIterator {
        switch value {
        case .list(let items), .tuple(let items): return ValueIterator(items)
        case .map(let map): return ValueIterator(MapView(.keys, of: map))
        case .view(let view): return ValueIterator(view)
        case .range(let range): return ValueIterator(range)
        case .string(let text): return ValueIterator(text)
        case .iterator(let iterator): return iterator
        case .undefined: return ValueIterator([])
        default: throw .evaluation("a \(value.typeName) can't be walked")
        }
    }

    /// All items, as Python's `list(value)` has them.
    func items(of value: Value) throws(RenderFailure) -> [Value] {
        if case .list(let list) = value { return list.items }
        if case .tuple(let tuple) = value { return tuple.items }
        let iterator = try makeIterator(value)
        var items: [Value] = []
        while let item = try iterator.next(self) { items.append(item) }
        return items
    }

    /// Python's `len`.
    func length(of value: Value) throws(RenderFailure) -> Int {
        switch value {
        case .string(let text): return text.length
        case .list(let items), .tuple(let items): return items.items.count
        case .map(let map): return map.count
        case .view(let view): return view.map.count
        case .range(let range): return range.count
        case .loop(let loop): return try loop.length(self)
        case .undefined: return 0
        default: throw .evaluation("a \(value.typeName) has no length")
        }
    }
}
