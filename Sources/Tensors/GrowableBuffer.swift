/// A growable array for intermediate results; growing discards the content.
package final class GrowableBuffer<Element: BitwiseCopyable> {
    private var memory: AlignedMemory
    package private(set) var capacity: Int

    package init(capacity: Int = 1024) {
        self.capacity = capacity
        memory = Self.reserve(capacity)
    }

    package var pointer: UnsafeMutablePointer<Element> {
        unsafe memory.bytes.baseAddress!.assumingMemoryBound(to: Element.self)
    }

    package func reserve(_ count: Int) {
        guard count > capacity else { return }
        memory = Self.reserve(count)
        capacity = count
    }

    private static func reserve(_ count: Int) -> AlignedMemory {
        let byteCount = count * MemoryLayout<Element>.stride
        guard let memory = AlignedMemory(byteCount: byteCount, hugePages: true) else {
            fatalError("the system refused \(byteCount) bytes for intermediate results")
        }
        return memory
    }
}

/// Floats for intermediate results.
package typealias FloatBuffer = GrowableBuffer<Float>
