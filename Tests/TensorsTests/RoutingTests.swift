import Foundation
import Tensors
import Testing

@Suite("Choosing experts")
struct RoutingTests {
    private let compute = Compute(level: .best, pool: ComputePool(threadCount: 1))

    private func vector(_ values: [Float]) -> Vector {
        values.withUnsafeBytes { Vector(type: .f32, count: values.count, data: $0)! }
    }

    /// Ids and weights of each row of `logits`, [tokens, experts].
    private func route(
        _ logits: [[Float]], _ routing: ExpertRouting, prescribed: ((Int, Int) -> Int)? = nil
    ) -> [[(id: Int, weight: Float)]] {
        let choice = ExpertChoice()
        var flat = logits.flatMap { $0 }
        flat.withUnsafeMutableBufferPointer {
            compute.route(
                $0.baseAddress!, tokens: logits.count, experts: logits[0].count, routing, into: choice,
                prescribed: prescribed)
        }
        return logits.indices.map { token in
            (0..<routing.used).map { (choice.id($0, of: token), choice.weight($0, of: token)) }
        }
    }

    /// The same, plainly and in double precision.
    private func reference(_ logits: [Float], _ routing: ExpertRouting) -> [(id: Int, weight: Double)] {
        let x = logits.map(Double.init)
        let scores: [Double] =
            switch routing.scoring {
            case .softmax:
                x.map { exp($0 - x.max()!) / x.reduce(0) { $0 + exp($1 - x.max()!) } }
            case .sigmoid: x.map { 1 / (1 + exp(-$0)) }
            case .softmaxOfChosen: x
            case .squareRootOfSoftplus: x.map { log1p(exp($0)).squareRoot() }
            }
        var ranks = scores
        if let bias = routing.selectionBias { ranks = zip(ranks, bias.values).map { $0 + Double($1) } }
        let size = logits.count / routing.groups
        let worth = (0..<routing.groups).map { group -> Double in
            let best = ranks[group * size..<(group + 1) * size].sorted(by: >)
            return routing.groupScore == .best || size == 1 ? best[0] : best[0] + best[1]
        }
        let groups = worth.indices.sorted { worth[$0] > worth[$1] }.prefix(routing.groupsUsed)
        let chosen = ranks.indices.filter { groups.contains($0 / size) }.sorted { ranks[$0] > ranks[$1] }
            .prefix(routing.used)
        var weights = chosen.map { scores[$0] }
        if routing.scoring == .softmaxOfChosen { weights = weights.map { exp($0 - weights.max()!) } }
        if routing.normalizes || routing.scoring == .softmaxOfChosen {
            let sum = weights.reduce(0, +)
            weights = weights.map { $0 / sum }
        }
        return zip(chosen, weights).map { ($0, $1 * Double(routing.scale)) }
    }

    private static let scorings: [ExpertRouting.Scoring] = [
        .softmax, .sigmoid, .softmaxOfChosen, .squareRootOfSoftplus,
    ]

    @Test("takes the best experts and weighs them", arguments: scorings, [1, 3, 8])
    func options(_ scoring: ExpertRouting.Scoring, _ used: Int) {
        var random = RandomNumbers(seed: 41)
        for count in [8, 12, 33, 128] {
            for normalizes in [true, false] {
                for biased in [true, false] {
                    // Groups of a few experts, of all, and of one each.
                    for groups in [1, count % 4 == 0 ? 4 : 3, count] {
                        for groupScore in [ExpertRouting.GroupScore.best, .sumOfBestTwo] {
                            let bias = biased ? vector(random.floats(count, in: -0.5...0.5)) : nil
                            var routing = ExpertRouting(
                                used: used, scoring: scoring, selectionBias: bias, normalizes: normalizes, scale: 2.5)
                            routing.groups = groups
                            routing.groupScore = groupScore
                            let needed = (used + count / groups - 1) / (count / groups)
                            routing.groupsUsed = min(groups, max(needed, groups / 2))
                            let logits = (0..<5).map { _ in random.floats(count, in: -6...6) }
                            for (row, found) in zip(logits, route(logits, routing)) {
                                let expected = reference(row, routing)
                                #expect(found.map(\.id) == expected.map(\.id))
                                for (found, expected) in zip(found, expected) {
                                    #expect(abs(Double(found.weight) - expected.weight) < 1e-5)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("a bias decides who is chosen and not how much they count")
    func bias() {
        let routing = ExpertRouting(
            used: 2, scoring: .sigmoid, selectionBias: vector([0, 5, 0, 5]), normalizes: true)
        let found = route([[4, 0, 4, 0]], routing)[0]
        #expect(found.map(\.id) == [1, 3])
        #expect(found.map(\.weight) == [0.5, 0.5])
    }

    @Test("of equal experts and groups the first are taken")
    func ties() {
        var routing = ExpertRouting(used: 3, scoring: .softmax, normalizes: true)
        #expect(route([[1, 1, 1, 1, 1, 1]], routing)[0].map(\.id) == [0, 1, 2])
        (routing.groups, routing.groupsUsed, routing.used) = (3, 1, 2)
        #expect(route([[0, 1, 1, 1, 1, 1]], routing)[0].map(\.id) == [1, 0])
        routing.groupScore = .sumOfBestTwo
        #expect(route([[0, 1, 1, 1, 1, 1]], routing)[0].map(\.id) == [2, 3])
    }

    @Test("prescribed experts are weighed by their scores")
    func prescribed() {
        let routing = ExpertRouting(used: 2, scoring: .squareRootOfSoftplus, normalizes: true, scale: 3)
        let found = route([[0, 1, 2, 3], [3, 2, 1, 0]], routing) { token, place in token == 0 ? place : 3 - place }
        #expect(found[0].map(\.id) == [0, 1] && found[1].map(\.id) == [3, 2])
        let (a, b) = (log1p(exp(0.0)).squareRoot(), log1p(exp(1.0)).squareRoot())
        for row in found {
            #expect(abs(Double(row[0].weight) - 3 * a / (a + b)) < 1e-6)
            #expect(abs(Double(row[1].weight) - 3 * b / (a + b)) < 1e-6)
        }
    }

    @Test("undefined and infinite logits choose experts that exist, each once", arguments: scorings)
    func hostile(_ scoring: ExpertRouting.Scoring) {
        var routing = ExpertRouting(used: 4, scoring: scoring, normalizes: true)
        (routing.groups, routing.groupsUsed) = (4, 2)
        let corners: [Float] = [.nan, .infinity, -.infinity, 1e38, -1e38, 0]
        var random = RandomNumbers(seed: 42)
        let logits = (0..<200).map { _ in (0..<16).map { _ in corners.randomElement(using: &random)! } }
        for row in route(logits + [[Float](repeating: .nan, count: 16)], routing) {
            #expect(Set(row.map(\.id)).count == 4)
            #expect(row.allSatisfy { (0..<16).contains($0.id) })
        }
    }
}
