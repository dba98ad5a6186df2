import Residency
import TestSupport
import Testing

@Suite("Memory plan")
struct MemoryPlanTests {
    @Test("prefixes have a quarter of what the largest model leaves")
    func usual() {
        let plan = MemoryPlan(total: nil, free: 100, prefixes: nil, needs: [20, 60])
        #expect(plan.prefixes == 10 && plan.models == 90)
        #expect(MemoryPlan(total: 100, free: 7, prefixes: nil, needs: [20, 60]) == plan)
        #expect(MemoryPlan(total: nil, free: 100, prefixes: 30, needs: [60]).models == 70)
    }

    @Test("a model that is larger than all that is free may be tried, unless somebody said how much there is")
    func tooLarge() {
        let free = MemoryPlan(total: nil, free: 100, prefixes: nil, needs: [200, 20])
        #expect(free.models == 200 && free.prefixes == 20)
        #expect(MemoryPlan(total: 100, free: 1000, prefixes: nil, needs: [200, 20]).models == 80)
        #expect(MemoryPlan(total: nil, free: 100, prefixes: nil, needs: [200]).prefixes == 0)
        #expect(MemoryPlan(total: 100, free: nil, prefixes: 150, needs: [10]).models == 0)
    }

    @Test("where nothing is known, nothing is held back")
    func unknown() {
        #expect(MemoryPlan(total: nil, free: nil, prefixes: nil, needs: [5]).models == .max)
    }

    @Test("of what was asked for no more is given, and what can fit does", arguments: 0..<50)
    func anything(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let total = random.below(1000)
        let needs = (0..<1 + random.below(5)).map { _ in random.below(1500) }
        let plan = MemoryPlan(total: total, free: random.below(1000), prefixes: nil, needs: needs)
        #expect(plan.models + plan.prefixes == total && plan.models >= 0 && plan.prefixes >= 0)
        for need in needs where need <= total { #expect(need <= plan.models) }
    }
}
