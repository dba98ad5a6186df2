extension FileFacts {
    /// The facts as bytes: counts and columns of variable-length integers, places as distances from the one before.
    package func encoded() -> [UInt8] {
        var out = ByteWriter()
        out.write(Self.version)
        out.write(lineCount)
        out.write(isParsed ? 1 : 0)
        out.write(names.count)
        out.write(distances: names.ends.map(Int.init))
        out.bytes += names.bytes
        out.write(symbols.count)
        out.write(distances: symbols.map { Int($0.start) })
        for symbol in symbols {
            out.write(Int(symbol.name))
            out.write(Int(symbol.kind.rawValue) << 2 | (symbol.isPrivate ? 2 : 0) | (symbol.isDeclaration ? 1 : 0))
            out.write(Int(symbol.parent) + 1)
            out.write(Int(symbol.end - symbol.start))
            out.write(Int(symbol.bodyStart - symbol.start))
            out.write(Int(symbol.docEnd - symbol.docStart))
            if symbol.docEnd > 0 { out.write(signed: Int(symbol.docStart) - Int(symbol.start)) }
            out.write(Int(symbol.line))
            out.write(signed: Int(symbol.endLine) - Int(symbol.line))
            out.write(Int(symbol.type))
            out.write(Int(symbol.owner))
        }
        out.write(references.count)
        out.write(distances: references.map { Int($0.start) })
        out.write(distances: references.map { Int($0.line) })
        for reference in references {
            out.write(Int(reference.name))
            out.write(Int(reference.role.rawValue))
            out.write(Int(reference.receiver))
            out.write(Int(reference.container) + 1)
        }
        out.write(imports.count)
        for item in imports {
            out.write(Int(item.module) << 1 | (item.isWildcard ? 1 : 0))
            for number in [Int(item.name), Int(item.alias), Int(item.line), Int(item.container) + 1] {
                out.write(number)
            }
        }
        out.write(bindings.count)
        out.write(distances: bindings.map { Int($0.start) })
        for item in bindings {
            out.write(Int(item.name) << 4 | Int(item.form.rawValue))
            let length = item.end > item.start ? Int(item.end - item.start) : 0
            for number in [Int(item.type), Int(item.line), Int(item.container) + 1, length] { out.write(number) }
        }
        out.write(annotations.count)
        for item in annotations {
            for number in [Int(item.name), Int(item.arguments), Int(item.symbol), Int(item.line)] { out.write(number) }
        }
        return out.bytes
    }

    private static let version = 3

    /// Nil when the bytes are damaged or of another version.
    package init?(encoded bytes: [UInt8]) {
        var input = ByteReader(bytes: bytes)
        guard input.read() == Self.version else { return nil }
        lineCount = input.read()
        isParsed = input.read() == 1
        let ends = input.distances(input.count())
        guard let last = ends.last, let text = input.take(last) else { return nil }
        names = NameTable(bytes: text, ends: ends.map { UInt32(clamping: $0) })
        let nameCount = ends.count
        let starts = input.distances(input.count())
        for start in starts {
            let name = input.read(below: nameCount)
            let kind = input.read()
            let parent = input.read(below: symbols.count + 1) - 1
            let end = start + input.read()
            let bodyStart = start + input.read()
            let docLength = input.read()
            let docStart = docLength > 0 ? start + input.readSigned() : 0
            let line = input.read()
            let endLine = line + input.readSigned()
            guard let known = SymbolKind(rawValue: UInt8(clamping: kind >> 2)) else { return nil }
            symbols.append(
                SymbolFact(
                    name: UInt32(name), kind: known, parent: Int32(parent), start: UInt32(clamping: start),
                    end: UInt32(clamping: end), bodyStart: UInt32(clamping: bodyStart),
                    docStart: UInt32(clamping: docStart), docEnd: UInt32(clamping: docStart + docLength),
                    line: UInt32(clamping: line), endLine: UInt32(clamping: endLine),
                    type: UInt32(input.read(below: nameCount)), owner: UInt32(input.read(below: nameCount)),
                    isDeclaration: kind & 1 != 0, isPrivate: kind & 2 != 0))
        }
        let places = input.distances(input.count())
        let lines = input.distances(places.count)
        for (start, line) in zip(places, lines) {
            let name = input.read(below: nameCount)
            guard let role = ReferenceRole(rawValue: UInt8(clamping: input.read())) else { return nil }
            references.append(
                ReferenceFact(
                    name: UInt32(name), role: role, receiver: UInt32(input.read(below: nameCount)),
                    container: Int32(input.read(below: symbols.count + 1) - 1), line: UInt32(clamping: line),
                    start: UInt32(clamping: start)))
        }
        for _ in 0..<input.count() {
            let module = input.read()
            imports.append(
                ImportFact(
                    module: UInt32(min(module >> 1, nameCount - 1)), name: UInt32(input.read(below: nameCount)),
                    alias: UInt32(input.read(below: nameCount)), isWildcard: module & 1 == 1,
                    line: UInt32(clamping: input.read()),
                    container: Int32(input.read(below: symbols.count + 1) - 1)))
        }
        for start in input.distances(input.count()) {
            let name = input.read()
            guard let form = BindingForm(rawValue: UInt8(name & 15)) else { return nil }
            bindings.append(
                BindingFact(
                    name: UInt32(min(name >> 4, nameCount - 1)), type: UInt32(input.read(below: nameCount)),
                    form: form, container: 0, line: UInt32(clamping: input.read()), start: UInt32(clamping: start)))
            bindings[bindings.count - 1].container = Int32(input.read(below: symbols.count + 1) - 1)
            let length = input.read()
            if length > 0 { bindings[bindings.count - 1].end = UInt32(clamping: start + length) }
        }
        for _ in 0..<input.count() {
            annotations.append(
                AnnotationFact(
                    name: UInt32(input.read(below: nameCount)), arguments: UInt32(input.read(below: nameCount)),
                    symbol: Int32(input.read(below: max(1, symbols.count))), line: UInt32(clamping: input.read())))
        }
        guard input.isWhole else { return nil }
    }
}

struct ByteWriter {
    var bytes: [UInt8] = []

    /// LEB128.
    mutating func write(_ number: Int) {
        var rest = UInt(bitPattern: number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func write(signed number: Int) { write(number << 1 ^ number >> (Int.bitWidth - 1)) }

    /// Of numbers that grow.
    mutating func write(distances numbers: [Int]) {
        var last = 0
        for number in numbers {
            write(signed: number - last)
            last = number
        }
    }
}

/// Reads what `ByteWriter` wrote. After a fault everything reads as 0 and `isWhole` is false.
struct ByteReader {
    let bytes: [UInt8]
    private var place = 0
    private var isDamaged = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isWhole: Bool { !isDamaged && place == bytes.count }
    var isAtEnd: Bool { isDamaged || place == bytes.count }

    mutating func read() -> Int {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count, shift < 42 {
            let byte = bytes[place]
            place += 1
            number |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return Int(number) }
            shift += 7
        }
        isDamaged = true
        return 0
    }

    mutating func read(below limit: Int) -> Int {
        let number = read()
        guard number < limit else {
            isDamaged = true
            return 0
        }
        return number
    }

    mutating func readSigned() -> Int {
        let number = read()
        return number >> 1 ^ -(number & 1)
    }

    /// A count of things that take a byte each at least.
    mutating func count() -> Int { read(below: bytes.count - place + 1) }

    mutating func distances(_ count: Int) -> [Int] {
        guard count <= bytes.count - place else {
            isDamaged = true
            return []
        }
        var last = 0
        return (0..<count).map { _ in
            last = max(0, last + readSigned())
            return last
        }
    }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= bytes.count - place else { return nil }
        defer { place += count }
        return Array(bytes[place..<place + count])
    }
}
