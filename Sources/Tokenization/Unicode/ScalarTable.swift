/// One byte for every Unicode scalar, in two stages: pages of 256, with uniform pages shared.
struct ScalarTable: Sendable {
    private let pageStarts: FixedTable<UInt32>
    private let values: FixedTable<UInt8>

    /// - runs: lengths and values from U+0000 on; what they leave out is 0.
    init(runs: some Sequence<(count: Int, value: UInt8)>) {
        var values = [UInt8](repeating: 0, count: 256)
        var uniformPages: [UInt8: UInt32] = [0: 0]
        var pageStarts = [UInt32](repeating: 0, count: 0x11_0000 / 256)
        var scalar = 0
        for (count, value) in runs {
            var left = min(count, 0x11_0000 - scalar)
            while left > 0 {
                let page = scalar / 256
                let used = scalar % 256
                let step = min(left, 256 - used)
                if step == 256 {
                    if uniformPages[value] == nil {
                        uniformPages[value] = UInt32(values.count)
                        values.append(contentsOf: repeatElement(value, count: 256))
                    }
                    pageStarts[page] = uniformPages[value] ?? 0
                } else {
                    if used == 0 {
                        pageStarts[page] = UInt32(values.count)
                        values.append(contentsOf: repeatElement(0, count: 256))
                    }
                    let start = Int(pageStarts[page]) + used
                    for index in start..<start + step { values[index] = value }
                }
                scalar += step
                left -= step
            }
        }
        self.pageStarts = FixedTable(pageStarts)
        self.values = FixedTable(values)
    }

    /// The value of `scalar`, which must be below 0x110000.
    @inline(__always)
    subscript(scalar: UInt32) -> UInt8 {
        values[Int(pageStarts[Int(scalar >> 8)]) + Int(scalar & 0xFF)]
    }
}
