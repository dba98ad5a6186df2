#if os(Linux)
    import Evaluation
    import Foundation
    import Testing

    @Suite("What completions cost")
    struct CostTests {
        private static let plan = HostingPlan(
            hardwarePrice: 2400, lifetimeYears: 4, idleWatts: 100, busyWatts: 400, pricePerKilowattHour: 0.3,
            utilisation: 0.5, maintenanceShare: 0.1)

        private func comparison(
            _ change: (inout HostingPlan) -> Void = { _ in }, price: TokenPrice = TokenPrice(input: 1, output: 4),
            passRate: Double? = 0.8
        ) throws -> CostComparison {
            var plan = Self.plan
            change(&plan)
            return try CostComparison(
                speed: ServingSpeed(prefillTokensPerSecond: 1000, decodeTokensPerSecond: 50),
                shape: CompletionShape(promptTokens: 1000, answerTokens: 200, passRate: passRate), plan: plan,
                price: price, paidPassRate: 0.9)
        }

        private func isNear(_ first: Double?, _ second: Double) -> Bool {
            first.map { abs($0 - second) <= 1e-9 * max(1, abs(second)) } ?? false
        }

        @Test("are what comes out by hand")
        func byHand() throws {
            let comparison = try comparison()
            // 1000 / 1000 + 200 / 50 seconds.
            #expect(isNear(comparison.secondsPerCompletion, 5))
            // 2400 / 48 for wear, 240 / 12 for maintenance, and 73.05 kWh idle.
            #expect(isNear(comparison.plan.monthlyPrice, 50 + 20 + 21.915))
            // 300 W for 5 s are 1500 J, 1/2400 kWh.
            #expect(isNear(comparison.energyPerCompletion, 0.3 / 2400))
            #expect(isNear(comparison.paidPerCompletion, 0.0018))
            // Half of 730.5 h, 5 s each.
            #expect(isNear(comparison.capacity, 262_980))
            let month = comparison.month(.completions(100_000))
            #expect(month.machines == 1 && isNear(month.hosted, 91.915 + 12.5) && isNear(month.paid, 180))
            #expect(isNear(month.hostedPerCompletion, 0.00104415) && isNear(month.hostedPerSolved, 0.00104415 / 0.8))
            #expect(isNear(month.paidPerSolved, 0.002))
            // 1200 tokens each.
            #expect(comparison.month(.tokens(120_000_000)) == month)
        }

        @Test("go up by a machine where one is not enough")
        func machines() throws {
            let comparison = try comparison()
            #expect(comparison.month(.completions(262_980)).machines == 1)
            let two = comparison.month(.completions(262_981))
            #expect(two.machines == 2 && isNear(two.hosted, 2 * 91.915 + 262_981 * 0.000125))
            let none = comparison.month(.completions(0))
            #expect(
                none.machines == 1 && isNear(none.hosted, 91.915) && none.paid == 0 && none.hostedPerCompletion == nil)
        }

        @Test("are the same where they break even, once and for all")
        func breakEven() throws {
            let comparison = try comparison()
            guard case .at(let first, let lasting?) = comparison.breakEven else {
                Issue.record("\(comparison.breakEven)")
                return
            }
            #expect(isNear(first, 91.915 / 0.001675) && lasting == first)
            let month = comparison.month(.completions(first))
            #expect(isNear(month.hosted, month.paid))
        }

        /// A machine of 300 a month that makes 262,980 completions of 0.001675 saved each, 440.4915: it pays from
        /// 179,104 on; the second from 358,208, which is more than one makes; the third from 537,313, which is more
        /// than two make; the fourth from 716,417, which is less than three make.
        @Test("have gaps where the next machine is not yet busy enough")
        func gaps() throws {
            let comparison = try comparison { plan in
                (plan.hardwarePrice, plan.maintenanceShare) = ((300 - 21.915) * 48, 0)
            }
            guard case .at(let first, let lasting?) = comparison.breakEven else {
                Issue.record("\(comparison.breakEven)")
                return
            }
            #expect(isNear(first, 300 / 0.001675) && isNear(lasting, 3 * 300 / 0.001675))
            func pays(_ volume: Double) -> Bool {
                let month = comparison.month(.completions(volume))
                return month.hosted <= month.paid
            }
            #expect(!pays(179_000) && pays(180_000) && !pays(263_000) && !pays(358_000) && pays(359_000))
            #expect(!pays(526_000) && !pays(537_000) && pays(538_000) && pays(789_000))
            #expect(stride(from: 538_000, to: 5_000_000, by: 500).allSatisfy { pays($0) })
        }

        @Test("never break even where electricity costs more, or where a machine cannot earn its price")
        func never() throws {
            let cheap = try comparison(price: TokenPrice(input: 0.01, output: 0.01))
            guard case .neverForEnergy(let energy, let paid) = cheap.breakEven else {
                Issue.record("\(cheap.breakEven)")
                return
            }
            #expect(isNear(energy, 0.000125) && isNear(paid, 0.000012))
            let slow = try comparison { $0.utilisation = 0.1 }
            guard case .neverForCapacity(let needed, let capacity) = slow.breakEven else {
                Issue.record("\(slow.breakEven)")
                return
            }
            #expect(isNear(needed, 91.915 / 0.001675) && isNear(capacity, 52_596))
            for volume in stride(from: 1000.0, to: 1_000_000, by: 1000) {
                let month = slow.month(.completions(volume))
                #expect(month.hosted > month.paid)
            }
        }

        @Test("come of results")
        func results() {
            let results = [
                TaskResult(task: "a", passed: true, tokens: 100, promptTokens: 300),
                TaskResult(task: "b", passed: false, tokens: 300, promptTokens: 500),
            ]
            #expect(CompletionShape(results) == CompletionShape(promptTokens: 400, answerTokens: 200, passRate: 0.5))
            #expect(CompletionShape([]) == nil && CompletionShape([TaskResult(task: "a", passed: true)]) == nil)
        }

        @Test("are refused where they make no sense")
        func refused() throws {
            #expect(throws: CostError.notPositive("the utilisation", 0)) { try comparison { $0.utilisation = 0 } }
            #expect(throws: CostError.noShare("the utilisation", 1.5)) { try comparison { $0.utilisation = 1.5 } }
            #expect(throws: CostError.busyBelowIdle(busy: 50, idle: 100)) { try comparison { $0.busyWatts = 50 } }
            #expect(throws: CostError.negative("the price of the hardware", -1)) {
                try comparison { $0.hardwarePrice = -1 }
            }
            #expect(throws: CostError.noShare("the pass rate", 80)) { try comparison(passRate: 80) }
        }

        @Test("stand in a table with all that they assume")
        func table() throws {
            let text = try comparison().markdown([.completions(100_000), .completions(300_000)])
            #expect(text.contains("| 100,000 | 1 | 104 | 180 | 0.00104 | 0.0018 | 0.00131 | 0.002 |"), "\(text)")
            #expect(text.contains("| 300,000 | 2 | 221 | 540 |"), "\(text)")
            #expect(text.contains("Own machines cost less from 54,875 completions a month on."), "\(text)")
            for word in [
                "50 %", "400 W busy", "0.3 EUR for a kilowatt-hour", "730 hours", "80 % are right", "10 % of its price",
            ] {
                #expect(text.contains(word), "\(word): \(text)")
            }
            let unknown = try comparison(passRate: nil).markdown([.completions(1)])
            #expect(unknown.contains("How many completions of the own model are right is not known."))
        }

        @Test("are drawn with the break-even where the lines meet")
        func drawing() throws {
            let plot = CostPlot(try comparison(), volumes: 1000...1_000_000)
            let svg = plot.svg
            let document = XMLReader()
            #expect(document.isWellFormed(svg), "\(svg)")
            #expect(
                document.elements["svg"] == 1 && document.elements["polyline"] == 2 && document.elements["title"] == 1)
            #expect(svg.contains("role=\"img\"") && svg.contains("54,875"))
            // 54,875 is 1.7394 of 3 powers of ten, on 540 from 80 on.
            #expect(svg.contains("<circle cx=\"393.1\""), "\(svg)")
            let text = plot.text(columns: 61, rows: 12)
            #expect(text.components(separatedBy: "\n").contains { $0.contains("X") && $0.contains("|") }, "\(text)")
            #expect(text.contains("o") && text.contains("p") && text.contains("1,000,000"))
            #expect(text.components(separatedBy: "\n").dropLast(2).allSatisfy { $0.count <= 80 }, "\(text)")
            let never = CostPlot(try comparison(price: TokenPrice())).svg
            #expect(!never.contains("<circle") && document.isWellFormed(never))
        }
    }

    /// Counts elements and checks that each is closed, of XML without comments and sections.
    private final class XMLReader {
        private(set) var elements: [String: Int] = [:]

        func isWellFormed(_ text: String) -> Bool {
            elements = [:]
            var open: [String] = []
            for match in text.matches(of: /<(\/?)([a-z]+)(?:\s+[a-z-A-Z]+="[^"<]*")*\s*(\/?)>|&(?:amp|lt|gt);|[<&>]/) {
                guard let name = match.2.map(String.init) else {
                    if match.0.count > 1 { continue }
                    return false
                }
                if match.1 == "/" {
                    guard open.popLast() == name else { return false }
                } else {
                    elements[name, default: 0] += 1
                    if match.3 != "/" { open.append(name) }
                }
            }
            return open.isEmpty
        }
    }
#endif
