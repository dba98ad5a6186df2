import ModelFiles
import Quantization

/// A bar while a model is written, and the end when Ctrl-C asks for it.
enum ConversionProgress {
    /// - Parameters:
    ///   - byteCount: what `advance` adds up to.
    ///   - write: asks `goOn` often, and tells `advance` what it has done since the last call.
    static func show(
        byteCount: Int, _ write: (_ goOn: () -> Bool, _ advance: (Int) -> Void) throws(ConversionError) -> Void
    ) throws {
        let bar = ProgressBar(output: .notes)
        let meter = TransferMeter(total: byteCount) {
            bar.update(
                received: $0.received, total: $0.total, bytesPerSecond: $0.bytesPerSecond, secondsLeft: $0.secondsLeft)
        }
        InterruptSignal.catchFromNowOn()
        defer { bar.clear() }
        do { try write({ !InterruptSignal.isNoted }, { meter.add($0) }) } catch ConversionError.cancelled {
            bar.note("\(ConversionError.cancelled)")
            throw CancellationError()
        }
    }
}
