/// Eight floats at a time: what the compiler turns into vector instructions on every machine.
typealias Lanes = SIMD8<Float>

extension SIMD8<Float> {
    /// The nearest whole numbers, ties to even; for magnitudes below 2^22.
    @inline(__always)
    var nearest: Lanes { (self + 12_582_912) - 12_582_912 }

    /// The whole numbers at or below; for magnitudes below 2^22.
    @inline(__always)
    var floored: Lanes {
        let nearest = nearest
        return nearest - Lanes.zero.replacing(with: 1, where: nearest .> self)
    }

    @inline(__always)
    func limited(_ low: Float, _ high: Float) -> Lanes {
        let raised = replacing(with: low, where: self .< low)
        return raised.replacing(with: high, where: raised .> high)
    }

    @inline(__always)
    var magnitudes: Lanes { replacing(with: 0 - self, where: self .< 0) }

    /// Whole numbers from 0 to 255 as bytes.
    @inline(__always)
    var bytes: SIMD8<UInt8> {
        // Behind 2^23 the last bits of a float count ones.
        let bits = unsafe unsafeBitCast(self + 8_388_608, to: SIMD8<UInt32>.self)
        return SIMD8<UInt8>(truncatingIfNeeded: bits)
    }
}

extension UnsafePointer<Float> {
    /// The eight floats from `index` on, at any alignment.
    @inline(__always)
    func lanes(_ index: Int) -> Lanes { unsafe UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self) }
}

extension UnsafeMutablePointer<Float> {
    @inline(__always)
    func lanes(_ index: Int) -> Lanes { unsafe UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self) }

    @inline(__always)
    func store(_ lanes: Lanes, at index: Int) {
        unsafe UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: Lanes.self)
    }
}

extension UnsafeMutablePointer<UInt8> {
    /// Eight whole numbers from 0 to 255.
    @inline(__always)
    func store(_ lanes: Lanes, at index: Int) {
        unsafe UnsafeMutableRawPointer(self + index).storeBytes(of: lanes.bytes, as: SIMD8<UInt8>.self)
    }
}

extension UnsafeMutableRawPointer {
    /// Writes `value` as a little-endian 16-bit float.
    @inline(__always)
    func storeHalf(_ value: Float, at offset: Int) {
        unsafe storeBytes(of: Float16(value).bitPattern.littleEndian, toByteOffset: offset, as: UInt16.self)
    }
}

extension Float {
    /// What is left of it in 16 bits.
    @inline(__always)
    var asHalf: Float { Float(Float16(self)) }
}
