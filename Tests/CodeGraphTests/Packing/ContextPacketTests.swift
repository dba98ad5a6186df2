import CodeGraph
import Testing

struct ContextPacketTests {
    private let sources = [
        "shop/cart.py": """
        from shop.money import round_price

        # Adds up what a customer has chosen.
        class Cart:
            def __init__(self):
                self.items = []

            @property
            def discounted_total(self):
                total = sum(self.items)
                return round_price(total)

            def clear(self):
                self.items = []
        """,
        "shop/money.py": "def round_price(amount):\n    return round(amount, 2)\n\ndef unrelated():\n    pass\n",
        "shop/checkout.py":
            "from shop.cart import Cart\n\ndef pay():\n    cart = Cart()\n    return cart.discounted_total()\n",
        "tests/test_cart.py":
            "from shop.cart import Cart\n\ndef test_sums():\n    cart = Cart()\n    assert cart.discounted_total() == 0\n",
    ]

    private func packet(_ task: String, budget: Int = 4000) async throws -> Packet {
        try await ContextPacket(IndexedSources(sources).graph).packet(
            for: task, budget: budget, counter: .characters)
    }

    @Test("has the symbol that is meant as a whole, decorators included, and says why")
    func body() async throws {
        let packet = try await packet("discounted total is wrong")
        let item = try #require(packet.items.first { $0.symbol == "Cart.discounted_total" })
        #expect(item.form == .body)
        #expect(item.line == 8 && item.endLine == 11)
        #expect(
            item.text == """
                    @property
                    def discounted_total(self):
                        total = sum(self.items)
                        return round_price(total)
                """)
        #expect(item.reason?.hasPrefix("named discounted") == true)
        #expect(packet.items.first { $0.symbol == "Cart" }?.reason == "holds Cart.discounted_total")
    }

    @Test("has what it is in, what it uses, what uses it and what tests it, each with its reason")
    func neighbours() async throws {
        let packet = try await packet("what did the customer choose", budget: 800)
        let reasons = Dictionary(packet.items.map { ($0.symbol, $0.reason ?? "") }) { first, _ in first }
        #expect(reasons["Cart"] == "has customer")
        #expect(reasons["Cart.discounted_total"] == "in Cart")
        #expect(reasons["Cart.clear"] == "in Cart")
        #expect(reasons["pay"] == "calls Cart")
        #expect(reasons["test_sums"] == "tests Cart")
        #expect(reasons["round_price"] == "called by Cart.discounted_total")
        #expect(reasons["unrelated"] == nil)
    }

    @Test("gives the signature of what is too long for the budget")
    func long() async throws {
        let packet = try await packet("discounted_total", budget: 230)
        #expect(packet.items.first { $0.symbol == "Cart.discounted_total" }?.form == .signature)
    }

    @Test("is empty where nothing has the words")
    func nothing() async throws {
        #expect(try await packet("zebra crossing").items.isEmpty)
    }
}
