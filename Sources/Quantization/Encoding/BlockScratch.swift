/// Room for the work on one block of up to 256 values; each thread has its own.
@safe
final class BlockScratch {
    private let floats = UnsafeMutablePointer<Float>.allocate(capacity: 256 + 4 * 16)
    /// [256] codes before they are packed.
    let codes = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)

    init() {
        unsafe floats.initialize(repeating: 0, count: 256 + 4 * 16)
        unsafe codes.initialize(repeating: 0, count: 256)
    }

    deinit {
        unsafe floats.deallocate()
        unsafe codes.deallocate()
    }

    /// [256] how much an error of each value counts.
    var weights: UnsafeMutablePointer<Float> { unsafe floats }
    /// [16] each of what the parts of a block need.
    var scales: UnsafeMutablePointer<Float> { unsafe floats + 256 }
    var offsets: UnsafeMutablePointer<Float> { unsafe floats + 272 }
    var scaleWeights: UnsafeMutablePointer<Float> { unsafe floats + 288 }
    var offsetWeights: UnsafeMutablePointer<Float> { unsafe floats + 304 }
}

/// The values of one block.
@safe
struct BlockInput {
    let values: UnsafePointer<Float>
    /// Mean squared input of each value's column, as measured; nil where nobody measured.
    let importance: UnsafePointer<Float>?
    /// A multiple of 8.
    let count: Int

    /// What counts where nothing was measured.
    enum Assumption {
        /// Errors in large weights count more, by their square.
        case square
        /// Errors count by the weight's magnitude added to the usual one.
        case magnitude
    }

    var meanSquare: Float {
        var sum = Lanes.zero
        for i in stride(from: 0, to: count, by: 8) {
            let x = unsafe values.lanes(i)
            sum += x * x
        }
        return sum.sum() / Float(count)
    }

    /// Fills `weights` [count]. The error of a product is error^2 * input^2; that large weights stand where inputs are
    /// correlated is a guess that has proved right, so importance is multiplied by a smoothed magnitude.
    /// - Parameter variance: mean square of the values around.
    func weigh(_ assumption: Assumption, variance: Float, into weights: UnsafeMutablePointer<Float>) {
        let rootMeanSquare = unsafe importance == nil && assumption == .magnitude ? meanSquare.squareRoot() : 0
        for i in stride(from: 0, to: count, by: 8) {
            let x = unsafe values.lanes(i)
            if let importance = unsafe importance {
                unsafe weights.store(importance.lanes(i) * (x * x + variance).squareRoot(), at: i)
            } else if assumption == .square {
                unsafe weights.store(x * x, at: i)
            } else {
                unsafe weights.store(x.magnitudes + rootMeanSquare, at: i)
            }
        }
    }

    /// The part of `count` values from `first` on.
    func part(_ first: Int, _ count: Int) -> BlockInput {
        unsafe BlockInput(values: values + first, importance: importance.map { unsafe $0 + first }, count: count)
    }
}
