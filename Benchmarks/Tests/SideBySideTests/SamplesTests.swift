import Testing

import SideBySide

@Suite struct SamplesTests {
    private static let cases: [([Double], Double)] = [
        ([3], 3), ([4, 1], 2.5), ([9, 1, 5], 5), ([1, 2, 3, 100], 2.5),
    ]

    @Test("the median of an even count is the mean of the middle two", arguments: cases)
    func median(values: [Double], expected: Double) {
        #expect(Samples(values).median == expected)
    }

    @Test("no samples have no median") func empty() {
        #expect(Samples().median == nil)
    }

    @Test("a margin makes near values equal") func margin() {
        #expect(Preference.higher.prefers(110, to: 100))
        #expect(!Preference.higher.prefers(110, to: 100, margin: 0.15))
        #expect(Preference.lower.prefers(80, to: 100, margin: 0.15))
        #expect(!Preference.lower.prefers(90, to: 100, margin: 0.15))
    }
}
