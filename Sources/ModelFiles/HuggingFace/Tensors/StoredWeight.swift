import Tensors

/// A tensor of a checkpoint whose rows can be read, however they are stored.
protocol StoredWeight: Sendable {
    /// Row-major extents, the row length last.
    var shape: [Int] { get }
    /// What holds the values best: the type that they lie in, or the one that the reference package gives.
    var type: TensorType { get }
    /// Whether the file holds plain numbers.
    var isPlain: Bool { get }
    /// The bytes of the whole tensor as `type`, where the file holds just those.
    var mapped: UnsafeRawBufferPointer? { get }
    /// Writes one of the rows of all leading extents as float32.
    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>)
    /// Writes a row in blocks of `type`; only asked where `type` is no plain float.
    func copyBlocks(row: Int, into target: UnsafeMutableRawBufferPointer)
}

extension StoredWeight {
    var isPlain: Bool { false }
    var mapped: UnsafeRawBufferPointer? { nil }
    func copyBlocks(row: Int, into target: UnsafeMutableRawBufferPointer) {}

    var rowLength: Int { shape.last ?? 1 }
    /// Rows of all leading extents.
    var rowCount: Int { shape.dropLast().reduce(1, *) }
}

/// Numbers as they are.
@safe
struct PlainWeight: StoredWeight, @unchecked Sendable {
    // Unchecked: the bytes are read-only for as long as the file is mapped.
    let tensor: SafetensorsTensor
    let type: TensorType

    /// Nil for types that no weight has.
    init?(_ tensor: SafetensorsTensor) {
        self.tensor = tensor
        switch tensor.type {
        case .f32, .f64: type = .f32
        case .i32, .i64: type = .i32
        case .f16: type = .f16
        case .bf16, .f8e4m3, .f8e5m2: type = .bf16
        default: return nil
        }
    }

    var shape: [Int] { tensor.shape }
    var isPlain: Bool { true }

    var mapped: UnsafeRawBufferPointer? {
        switch tensor.type {
        case .f32, .f16, .bf16, .i32: unsafe tensor.data
        default: nil
        }
    }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        unsafe tensor.decode(from: row * rowLength, into: target)
    }
}

extension SafetensorsTensor {
    /// Elements from `first` on as float32.
    func decode(from first: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let size = type.bits / 8
        unsafe precondition(first >= 0 && (first + target.count) * size <= data.count)
        // SAFETY: checked above; any alignment will do.
        guard let base = unsafe data.baseAddress else { return }
        let start = unsafe base + first * size
        let count = target.count
        switch type {
        case .f32:
            for i in 0..<count {
                unsafe target[i] = Float(bitPattern: start.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self))
            }
        case .f16:
            for i in 0..<count {
                unsafe target[i] = Float(
                    Float16(bitPattern: start.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)))
            }
        case .bf16:
            for i in 0..<count {
                let half = unsafe start.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)
                unsafe target[i] = Float(bitPattern: UInt32(half) << 16)
            }
        case .f8e4m3:
            for i in 0..<count { unsafe target[i] = Float8.e4m3[Int(start.load(fromByteOffset: i, as: UInt8.self))] }
        case .f8e5m2:
            for i in 0..<count { unsafe target[i] = Float8.e5m2[Int(start.load(fromByteOffset: i, as: UInt8.self))] }
        case .f8e8m0:
            for i in 0..<count { unsafe target[i] = Float8.e8m0(start.load(fromByteOffset: i, as: UInt8.self)) }
        case .f64:
            for i in 0..<count {
                unsafe target[i] = Float(start.loadUnaligned(fromByteOffset: 8 * i, as: Double.self))
            }
        case .i8:
            for i in 0..<count { unsafe target[i] = Float(start.load(fromByteOffset: i, as: Int8.self)) }
        case .u8, .bool:
            for i in 0..<count { unsafe target[i] = Float(start.load(fromByteOffset: i, as: UInt8.self)) }
        case .i16:
            for i in 0..<count {
                unsafe target[i] = Float(start.loadUnaligned(fromByteOffset: 2 * i, as: Int16.self))
            }
        case .i32:
            for i in 0..<count {
                unsafe target[i] = Float(start.loadUnaligned(fromByteOffset: 4 * i, as: Int32.self))
            }
        case .i64:
            for i in 0..<count {
                unsafe target[i] = Float(start.loadUnaligned(fromByteOffset: 8 * i, as: Int64.self))
            }
        case .u16, .u32, .u64, .f4:
            unsafe target.update(repeating: .nan)
        }
    }

    /// All elements as float32, for small tensors such as scales.
    func floats() -> [Float] {
        unsafe [Float](unsafeUninitializedCapacity: elementCount) { buffer, initialized in
            initialized = elementCount
            unsafe decode(
                from: 0, into: UnsafeMutableBufferPointer(start: buffer.baseAddress, count: elementCount))
        }
    }

    /// Whole numbers, nil for other types.
    func integers() -> [Int]? {
        func read<T: FixedWidthInteger>(_: T.Type) -> [Int] {
            let size = MemoryLayout<T>.size
            return (0..<elementCount).map { unsafe Int(data.loadUnaligned(fromByteOffset: size * $0, as: T.self)) }
        }
        return switch type {
        case .i32: read(Int32.self)
        case .i64: read(Int64.self)
        default: nil
        }
    }

    /// One element as float32: scales stay in the file until a row is decoded.
    func float(_ index: Int) -> Float {
        var value: Float = 0
        unsafe withUnsafeMutablePointer(to: &value) { pointer in
            unsafe decode(from: index, into: UnsafeMutableBufferPointer(start: pointer, count: 1))
        }
        return value
    }

    /// Whether these are 32-bit numbers from 0 to below `limit`, as many as `count`.
    func holdsIndices(_ count: Int, below limit: Int) -> Bool {
        type == .i32 && elementCount == count && (0..<count).allSatisfy { word($0) < UInt32(clamping: limit) }
    }

    func byte(_ index: Int) -> UInt8 { unsafe data[index] }

    /// The 32-bit word at `index` of packed elements.
    func word(_ index: Int) -> UInt32 {
        unsafe data.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
    }
}

/// The values of 8-bit floats.
/// - SeeAlso: Micikevicius et al. 2022, arXiv:2209.05433; OCP Microscaling Formats 1.0 for the exponents alone.
enum Float8 {
    /// Four bits of exponent, no infinities: only 0x7F and 0xFF are no numbers.
    static let e4m3: [Float] = (0..<256).map { value(UInt8($0), exponentBits: 4, bias: 7) }
    static let e5m2: [Float] = (0..<256).map { value(UInt8($0), exponentBits: 5, bias: 15) }

    /// A power of two; 255 is no number.
    static func e8m0(_ byte: UInt8) -> Float {
        switch byte {
        case 0: 0x1p-127
        case 255: .nan
        default: Float(bitPattern: UInt32(byte) << 23)
        }
    }

    private static func value(_ byte: UInt8, exponentBits: Int, bias: Int) -> Float {
        let mantissaBits = 7 - exponentBits
        let exponent = Int(byte >> UInt8(mantissaBits)) & (1 << exponentBits - 1)
        let mantissa = Int(byte) & (1 << mantissaBits - 1)
        let isTop = exponent == 1 << exponentBits - 1
        let magnitude: Float =
            if exponentBits == 4, isTop, mantissa == 7 { .nan } else if exponentBits == 5, isTop {
                mantissa == 0 ? .infinity : .nan
            } else if exponent == 0 {
                Float(sign: .plus, exponent: 1 - bias - mantissaBits, significand: Float(mantissa))
            } else {
                Float(
                    sign: .plus, exponent: exponent - bias - mantissaBits,
                    significand: Float(1 << mantissaBits + mantissa))
            }
        return byte & 0x80 == 0 ? magnitude : -magnitude
    }
}
