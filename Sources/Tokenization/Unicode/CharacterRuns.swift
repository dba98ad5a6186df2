/// Generated data about all characters in order: decimal lengths of runs, left out if 1, each with a letter for what its
/// characters are.
struct CharacterRuns: Sequence, IteratorProtocol {
    private let data: StaticString
    private let value: (UInt8) -> UInt8
    private var position = 0

    /// - Parameter value: of a letter.
    init(_ data: StaticString, value: @escaping (UInt8) -> UInt8) {
        self.data = data
        self.value = value
    }

    mutating func next() -> (count: Int, value: UInt8)? {
        var count = 0
        while position < data.utf8CodeUnitCount {
            let byte = data.utf8Start[position]
            position += 1
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
                return (Swift.max(count, 1), value(byte))
            }
            count = count * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return nil
    }
}
