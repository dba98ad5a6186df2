/// An array of byte strings in one allocation: vocabularies hold hundreds of thousands of them, and
/// their bytes need not be valid UTF-8.
package struct ByteStrings: Sendable, RandomAccessCollection {
    /// All strings, one after another.
    package private(set) var bytes: [UInt8]
    /// Start of each string in `bytes`, and the end of the last: `count + 1` entries.
    package private(set) var offsets: [UInt32]

    package init() {
        bytes = []
        offsets = [0]
    }

    package mutating func reserveCapacity(strings: Int, bytes byteCount: Int) {
        offsets.reserveCapacity(strings + 1)
        bytes.reserveCapacity(byteCount)
    }

    package mutating func append(_ string: some Sequence<UInt8>) {
        bytes.append(contentsOf: string)
        offsets.append(UInt32(bytes.count))
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { offsets.count - 1 }
    package subscript(position: Int) -> ArraySlice<UInt8> {
        bytes[Int(offsets[position])..<Int(offsets[position + 1])]
    }
}
