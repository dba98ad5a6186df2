import TestSupport
import Testing
import WireFormats

@Suite("Durations of keep_alive")
struct KeepAliveTests {
    @Test(
        "numbers and units, alone and in a row",
        arguments: [
            ("300", 300.0), ("0", 0), ("1.5", 1.5), ("5m", 300), ("1h30m", 5400), ("1.5h", 5400), ("500ms", 0.5),
            ("0s", 0), ("-1", .infinity), ("-1m", .infinity), ("99999999999", .infinity), ("99999999h", .infinity),
        ])
    func known(text: String, seconds: Double) {
        #expect(KeepAlive(text)?.seconds == seconds)
    }

    @Test("all else is none", arguments: ["", "-", "m", "5 m", "5x", "1.2.3", "5m3", "--1", "0x10", "nan", "1e3", "٣"])
    func unknown(text: String) {
        #expect(KeepAlive(text) == nil)
    }

    @Test("any text gives seconds that are not negative, or none", arguments: 0..<10)
    func anything(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let alphabet = Array("0123456789.-hmsnuµ e")
        for _ in 0..<2000 {
            let text = String((0..<random.below(8)).map { _ in alphabet[random.below(alphabet.count)] })
            if let seconds = KeepAlive(text)?.seconds { #expect(seconds >= 0, "\(text)") }
        }
    }
}
