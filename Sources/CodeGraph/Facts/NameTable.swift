/// The distinct names of a file, each known by a number. Number 0 is the empty name.
package struct NameTable: Hashable, Sendable {
    package typealias ID = UInt32

    /// All names, one after the other, in UTF-8.
    private(set) var bytes: [UInt8] = []
    /// Where name i ends in `bytes`.
    private(set) var ends: [UInt32] = [0]
    /// Open addressing; 0 is a free place, the empty name is never looked up.
    private var places: [UInt32]

    init() { places = [UInt32](repeating: 0, count: 256) }

    /// Of names that are distinct.
    init(bytes: [UInt8], ends: [UInt32]) {
        self.bytes = bytes
        self.ends = ends
        places = []
    }

    package var count: Int { ends.count }

    package subscript(id: ID) -> String {
        let range = range(Int(id))
        return String(decoding: bytes[range], as: UTF8.self)
    }

    package func utf8(_ id: ID) -> ArraySlice<UInt8> { bytes[range(Int(id))] }

    func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index]) }

    /// The number of a name, which is added if it is new.
    mutating func intern(_ name: UnsafeBufferPointer<UInt8>) -> ID {
        if name.isEmpty { return 0 }
        if ends.count * 2 > places.count { grow() }
        let mask = places.count - 1
        var place = unsafe Self.hash(name) & mask
        while places[place] != 0 {
            let id = places[place]
            let range = range(Int(id))
            if unsafe range.count == name.count && bytes[range].elementsEqual(name) { return id }
            place = (place + 1) & mask
        }
        let id = ID(ends.count)
        unsafe bytes.append(contentsOf: name)
        ends.append(UInt32(bytes.count))
        places[place] = id
        return id
    }

    mutating func intern(_ name: String) -> ID {
        var name = name
        return name.withUTF8 { unsafe intern($0) }
    }

    /// FNV-1a.
    static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in name.indices { hash = unsafe (hash ^ UInt64(name[index])) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7fff_ffff)
    }

    private mutating func grow() {
        places = [UInt32](repeating: 0, count: max(256, places.count * 2, (ends.count * 4).nextPowerOfTwo))
        let mask = places.count - 1
        for id in 1..<ends.count {
            var place = unsafe bytes[range(id)].withUnsafeBufferPointer { unsafe Self.hash($0) } & mask
            while places[place] != 0 { place = (place + 1) & mask }
            places[place] = UInt32(id)
        }
    }

    package static func == (a: Self, b: Self) -> Bool { a.ends == b.ends && a.bytes == b.bytes }

    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
