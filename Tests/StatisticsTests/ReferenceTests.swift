import Statistics
import Testing

@Suite("Statistics agree with SciPy and statsmodels to 1e-9")
struct ReferenceTests {
    private let reference: Reference

    init() throws { reference = try Reference() }

    @Test("the normal distribution")
    func normal() {
        for (share, value) in zip(reference.normal.shares, reference.normal.quantiles) {
            #expect(NormalDistribution.quantile(share).isNear(value), "\(share)")
        }
        for (value, share) in zip(reference.normal.values, reference.normal.cumulative) {
            #expect(abs(NormalDistribution.cumulative(value) - share) <= 1e-9 * share, "\(value)")
        }
    }

    @Test("Wilson's interval")
    func wilson() {
        for item in reference.wilson {
            let interval = Proportion(item.successes, of: item.trials).interval(confidence: item.confidence)
            #expect(interval.low.isNear(item.interval[0]) && interval.high.isNear(item.interval[1]), "\(item)")
        }
    }

    @Test("pass@k and pass^k")
    func passRates() throws {
        for item in reference.passRates {
            let (k, passed, samples) = (item.k, item.passed, item.samples)
            #expect(try #require(PassRate.atLeastOne(of: k, passed: passed, samples: samples)).isNear(item.atLeastOne))
            #expect(try #require(PassRate.all(of: k, passed: passed, samples: samples)).isNear(item.all))
        }
        #expect(PassRate.atLeastOne(of: 3, passed: 1, samples: 2) == nil)
    }

    @Test("McNemar's exact test")
    func mcnemar() {
        for item in reference.mcnemar {
            #expect(
                McNemarTest.exact(onlyFirst: item.first, onlySecond: item.second).isNear(item.probability), "\(item)")
        }
    }

    @Test("Holm's correction")
    func holm() {
        for item in reference.holm {
            #expect(zip(HolmCorrection.adjusted(item.given), item.adjusted).allSatisfy { $0.isNear($1) }, "\(item)")
        }
    }

    @Test("standard errors of clustered values")
    func clustered() {
        for item in reference.clustered {
            let mean = ClusteredMean(item.values, clusters: item.clusters)
            #expect(mean.value.isNear(item.mean) && mean.standardError.isNear(item.standardError))
        }
    }

    @Test("Bradley and Terry's strengths")
    func bradleyTerry() throws {
        for item in reference.bradleyTerry {
            let strengths = try #require(BradleyTerry.strengths(wins: item.wins, prior: item.prior))
            #expect(zip(strengths, item.strengths).allSatisfy { $0.isNear($1) }, "\(strengths) \(item.strengths)")
        }
        // Nobody ever beat the first: without a prior it is infinitely strong.
        #expect(BradleyTerry.strengths(wins: [[0, 3], [0, 0]], prior: 0) == nil)
    }

    @Test("Rasch's abilities")
    func rasch() throws {
        for item in reference.rasch {
            let tries = [Double](repeating: item.tries, count: item.passed.count)
            let ability = try #require(
                RaschModel.ability(passed: item.passed, tries: tries, difficulties: item.difficulties))
            #expect(ability.value.isNear(item.ability) && ability.standardError.isNear(item.standardError))
        }
        #expect(RaschModel.ability(passed: [1, 1], tries: [1, 1], difficulties: [0, 0]) == nil)
    }
}
