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

    package init(_ strings: some Sequence<some Sequence<UInt8>>) {
        self.init()
        for string in strings { append(string) }
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

extension ByteStrings {
    /// Decodes `count` strings, each after its length as 8 little-endian bytes: two allocations of the exact size.
    ///
    /// Nil when `source` ends early or the strings together exceed 4 GiB.
    package init?(lengthPrefixed source: UnsafeRawBufferPointer, count: Int) {
        guard count >= 0, count <= source.count / 8, source.count - 8 * count <= Int(UInt32.max) else { return nil }
        var isWhole = true
        var position = 0
        // SAFETY: both closures write only below the capacity they ask for: every string is checked against `source`.
        let offsets = unsafe [UInt32](unsafeUninitializedCapacity: count + 1) { buffer, initialized in
            unsafe buffer[0] = 0
            initialized = count + 1
            for index in 0..<count {
                guard isWhole, position + 8 <= source.count else {
                    isWhole = false
                    unsafe buffer[index + 1] = 0
                    continue
                }
                let length = unsafe UInt64(
                    littleEndian: source.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                position += 8
                guard length <= UInt64(source.count - position) else {
                    isWhole = false
                    unsafe buffer[index + 1] = 0
                    continue
                }
                position += Int(length)
                unsafe buffer[index + 1] = UInt32(position - 8 * (index + 1))
            }
        }
        guard isWhole else { return nil }
        let total = Int(offsets[count])
        bytes = unsafe [UInt8](unsafeUninitializedCapacity: total) { buffer, initialized in
            let target = UnsafeMutableRawBufferPointer(buffer)
            for index in 0..<count {
                let range = Int(offsets[index])..<Int(offsets[index + 1])
                guard !range.isEmpty else { continue }
                let string = unsafe source[(range.lowerBound + 8 * (index + 1))..<(range.upperBound + 8 * (index + 1))]
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[range]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: string))
            }
            initialized = total
        }
        self.offsets = offsets
    }
}
