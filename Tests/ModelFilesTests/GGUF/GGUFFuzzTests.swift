#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import ModelFiles
import Tensors
import TestSupport
import Testing

/// Mutated headers must give an error or a readable file, whatever they claim.
///
/// Every case is read from memory that ends at an inaccessible page, so that one byte too many crashes, and in a
/// child process whose address space may grow by 192 MiB only, so that an allocation of a claimed size crashes too:
/// the inputs themselves are below 16 KiB.
@Suite("GGUF header fuzz")
struct GGUFFuzzTests {
    #if os(Linux)
        @Test("100,000 mutated headers give errors, never a crash or a large allocation")
        func mutations() async {
            await #expect(processExitsWith: .success) {
                limitAddressSpaceGrowth(byMebibytes: 192)
                let (accepted, refused) = fuzz(count: 100_000, seed: 20_260_101)
                // Both outcomes must occur, or the mutations are too wild or too tame to test anything.
                if accepted < 5000 || refused < 50_000 { exit(1) }
            }
        }

        @Test("the address-space limit would catch an allocation of a claimed size")
        func limitBites() async {
            await #expect(processExitsWith: .failure) {
                limitAddressSpaceGrowth(byMebibytes: 192)
                let bytes = [UInt8](repeating: 1, count: 1 << 30)
                exit(bytes[1 << 29] == 1 ? 0 : 1)
            }
        }
    #endif
}

/// Reads `count` mutations and touches everything that the accepted ones offer.
private func fuzz(count: Int, seed: UInt64) -> (accepted: Int, refused: Int) {
    var mutator = HeaderMutator(seed: seed)
    let guarded = GuardedMemory(pages: 8)
    var accepted = 0
    var refused = 0
    for _ in 0..<count {
        let bytes = mutator.next()
        let image = MappedFile(borrowing: guarded.place(bytes), path: "fuzz.gguf")
        do {
            let file = try GGUFFile(image: image)
            touch(file)
            accepted += 1
        } catch {
            if error.description.isEmpty { exit(3) }
            refused += 1
        }
    }
    return (accepted, refused)
}

private func touch(_ file: GGUFFile) {
    var sum: UInt = 0
    for key in file.metadata.keys {
        sum &+= UInt(file.metadata.bytes(key)?.count ?? 0)
        sum &+= UInt(bitPattern: file.metadata.integer(key) ?? 0)
        sum &+= UInt(file.metadata.strings(key)?.reduce(0) { $0 + $1.count } ?? 0)
        sum &+= UInt(file.metadata.integers(key)?.count ?? 0)
        sum &+= UInt(file.metadata.floats(key)?.count ?? 0)
        sum &+= file.metadata.bool(key) == true ? 1 : 0
    }
    for tensor in file.orderedTensors {
        if let first = tensor.data.first, let last = tensor.data.last { sum &+= UInt(first) &+ UInt(last) }
        if tensor.elementCount < 1 { exit(4) }
    }
    if sum == 1 { print("") }
}

/// Memory whose end lies against an inaccessible page.
private final class GuardedMemory {
    private let start: UnsafeMutableRawPointer
    private let size: Int

    init(pages: Int) {
        let page = sysconf(Int32(_SC_PAGESIZE))
        size = pages * page
        start = mmap(nil, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
        mprotect(start + size, page, PROT_NONE)
    }

    func place(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let target = UnsafeMutableRawBufferPointer(start: start + (size - bytes.count), count: bytes.count)
        target.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(target)
    }
}

/// Derives headers from valid ones: truncations, bit flips, inflated lengths, splices, swapped ranges.
private struct HeaderMutator {
    private var random: SplitMix64
    private let seeds: [[UInt8]]

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        var plain = GGUFHeader()
        plain.set("general.architecture", .string("qwen2"))
        plain.set("qwen2.block_count", .uint32(2))
        plain.add("token_embd.weight", .q6_K, shape: [256, 4])
        var aligned = GGUFHeader(alignment: 64)
        aligned.set("list", .array(elementType: .array, [.int32s([1]), .float32s([2])]))
        aligned.add("w", .f32, shape: [2, 2, 2, 2])
        seeds = [SampleModel.bytes(), SampleModel.bytes(plain), SampleModel.bytes(aligned)]
    }

    mutating func next() -> [UInt8] {
        var bytes = seeds[random.below(seeds.count)]
        for _ in 0...random.below(3) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        switch random.below(7) {
        case 0:
            bytes.removeLast(random.below(bytes.count + 1))
        case 1:
            bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
        case 2:
            overwrite(&bytes, with: inflatedLength(), width: 8)
        case 3:
            overwrite(&bytes, with: UInt64(random.below(64)), width: 4)
        case 4:
            let other = seeds[random.below(seeds.count)]
            bytes = Array(bytes.prefix(random.below(bytes.count)) + other.suffix(random.below(other.count)))
        case 5:
            let (from, to) = (random.below(bytes.count), random.below(bytes.count))
            let length = min(random.below(64), bytes.count - max(from, to))
            let copy = Array(bytes[from..<(from + length)])
            bytes.replaceSubrange(to..<(to + length), with: copy)
        default:
            bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: random.below(bytes.count))
        }
    }

    private mutating func inflatedLength() -> UInt64 {
        switch random.below(5) {
        case 0: .max &- UInt64(random.below(16))
        case 1: UInt64(Int64.max) &+ UInt64(random.below(3)) &- 1
        case 2: 1 << UInt64(random.below(64))
        case 3: UInt64(random.below(70_000))
        default: random.next()
        }
    }

    private mutating func overwrite(_ bytes: inout [UInt8], with value: UInt64, width: Int) {
        guard bytes.count >= width else { return }
        // The header comes first and matters most.
        let offset = random.below(min(bytes.count - width + 1, 1 + random.below(1200)))
        for index in 0..<width { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
    }
}
