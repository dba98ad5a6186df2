#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How a mixture of experts chooses some for each token, and how much each of them counts.
package struct ExpertRouting: Sendable {
    /// From the router's logits to scores.
    package enum Scoring: Sendable {
        case softmax
        case sigmoid
        /// Softmax over the chosen experts' logits alone.
        case softmaxOfChosen
        case squareRootOfSoftplus
    }

    /// What a group of experts is worth when whole groups are chosen first.
    package enum GroupScore: Sendable {
        case best
        case sumOfBestTwo
    }

    /// Experts per token.
    package var used: Int
    package var scoring: Scoring
    /// [experts]: added to the scores for the choice only.
    /// - SeeAlso: Wang et al. 2024, arXiv:2408.15664.
    package var selectionBias: Vector?
    package var groups = 1
    package var groupsUsed = 1
    package var groupScore = GroupScore.best
    /// Whether the chosen scores are divided by their sum.
    package var normalizes: Bool
    /// Factor on the weights.
    package var scale: Float = 1

    package init(used: Int, scoring: Scoring, selectionBias: Vector? = nil, normalizes: Bool, scale: Float = 1) {
        self.used = used
        self.scoring = scoring
        self.selectionBias = selectionBias
        self.normalizes = normalizes
        self.scale = scale
    }
}

/// The experts of each token and their weights, both [tokens, used].
package final class ExpertChoice {
    package private(set) var used = 0
    private var idMemory: [Int32] = []
    private var weightMemory: [Float] = []

    package init() {}

    func reserve(tokens: Int, used: Int) {
        self.used = used
        let count = tokens * used
        guard idMemory.count < count else { return }
        idMemory = [Int32](repeating: 0, count: count)
        weightMemory = [Float](repeating: 0, count: count)
    }

    package func id(_ place: Int, of token: Int) -> Int { Int(idMemory[token * used + place]) }
    package func weight(_ place: Int, of token: Int) -> Float { weightMemory[token * used + place] }

    func set(_ place: Int, of token: Int, id: Int, weight: Float) {
        idMemory[token * used + place] = Int32(id)
        weightMemory[token * used + place] = weight
    }
}

extension Compute {
    /// Chooses experts for each of `tokens` rows of logits, [tokens, experts], which are overwritten by scores.
    /// - Parameter prescribed: the ids to take for a token instead of the best ones.
    package func route(
        _ logits: UnsafeMutablePointer<Float>, tokens: Int, experts: Int, _ routing: ExpertRouting,
        into choice: ExpertChoice, prescribed: ((_ token: Int, _ place: Int) -> Int)? = nil
    ) {
        choice.reserve(tokens: tokens, used: routing.used)
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: experts) { ranks in
            for token in 0..<tokens {
                let scores = unsafe logits + token * experts
                unsafe routing.score(scores, experts)
                if let prescribed {
                    for place in 0..<routing.used {
                        let id = prescribed(token, place)
                        unsafe choice.set(place, of: token, id: id, weight: scores[id])
                    }
                } else {
                    unsafe routing.choose(scores, experts, ranks: ranks.baseAddress!, token: token, choice)
                }
                routing.finish(token, choice)
            }
        }
    }
}

extension ExpertRouting {
    fileprivate func score(_ x: UnsafeMutablePointer<Float>, _ count: Int) {
        switch scoring {
        case .softmaxOfChosen: break
        case .sigmoid: for i in 0..<count { unsafe x[i] = unsafe 1 / (1 + expf(-x[i])) }
        case .squareRootOfSoftplus:
            for i in 0..<count { unsafe x[i] = unsafe (x[i] > 20 ? x[i] : log1pf(expf(x[i]))).squareRoot() }
        case .softmax:
            var largest = -Float.infinity
            for i in 0..<count { largest = unsafe max(largest, x[i]) }
            var sum: Float = 0
            for i in 0..<count {
                unsafe x[i] = expf(x[i] - largest)
                unsafe sum += x[i]
            }
            for i in 0..<count { unsafe x[i] /= sum }
        }
    }

    /// The best `used` experts in falling order; of equals the first. `ranks` is scratch, [count].
    fileprivate func choose(
        _ scores: UnsafePointer<Float>, _ count: Int, ranks: UnsafeMutablePointer<Float>, token: Int,
        _ choice: ExpertChoice
    ) {
        let lowest = -Float.greatestFiniteMagnitude
        for i in 0..<count {
            let rank = unsafe scores[i] + (selectionBias.map { unsafe $0.pointer[i] } ?? 0)
            // What a damaged file leaves undefined must neither be chosen twice nor stop the choice.
            unsafe ranks[i] = rank > lowest ? rank : lowest
        }
        if groups > 1 { unsafe keepBestGroups(ranks, count) }
        for place in 0..<used {
            var best = 0
            for i in 1..<count where unsafe ranks[i] > ranks[best] { best = i }
            unsafe choice.set(place, of: token, id: best, weight: scores[best])
            unsafe ranks[best] = -.infinity
        }
    }

    private func keepBestGroups(_ ranks: UnsafeMutablePointer<Float>, _ count: Int) {
        let size = count / groups
        var worth = (0..<groups).map { group in
            var (first, second) = (-Float.infinity, -Float.infinity)
            for i in group * size..<(group + 1) * size {
                if unsafe ranks[i] > first {
                    (first, second) = unsafe (ranks[i], first)
                } else {
                    second = unsafe max(second, ranks[i])
                }
            }
            return groupScore == .best || size == 1 ? first : first + second
        }
        for _ in 0..<groupsUsed {
            let best = worth.indices.max { worth[$0] < worth[$1] || (worth[$0] == worth[$1] && $0 > $1) }!
            worth[best] = -.infinity
        }
        // What is left above -infinity was not chosen.
        for group in 0..<groups where worth[group] > -.infinity {
            for i in group * size..<(group + 1) * size { unsafe ranks[i] = -.infinity }
        }
    }

    fileprivate func finish(_ token: Int, _ choice: ExpertChoice) {
        var weights = (0..<used).map { choice.weight($0, of: token) }
        if scoring == .softmaxOfChosen {
            let largest = weights.max() ?? 0
            weights = weights.map { expf($0 - largest) }
        }
        if normalizes || scoring == .softmaxOfChosen {
            let sum = weights.reduce(0, +) + 1e-20
            weights = weights.map { $0 / sum }
        }
        for place in 0..<used {
            choice.set(place, of: token, id: choice.id(place, of: token), weight: weights[place] * scale)
        }
    }
}
