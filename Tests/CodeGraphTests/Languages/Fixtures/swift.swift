import Foundation
@testable import Kitchen
internal import struct Tools.Knife

/// What can be cooked.
public protocol Cookable: Named, Sendable {
    associatedtype Taste: Hashable
    var minutes: Int { get }
    init(raw: Raw)
    func cook(in pot: Pot) async throws -> Meal
}

typealias Spices = [String: Spice]
let most = 4
private(set) var pots: [Pot] = makePots()

/// A stew.
@MainActor
@available(macOS 15, *)
public struct Stew<Base: Cookable>: Cookable, Equatable where Base.Taste == Salt {
    static let limit = 3
    private var base: Base
    @Published var heat: Double = 2.0
    var pot = Pot(size: 2)
    lazy var lid: Lid = { makeLid() }()

    var minutes: Int {
        get { base.minutes * 2 }
        set { adjust(newValue) }
    }

    init(raw: Raw) {
        self.base = Base(raw: raw)
        super.init()
    }

    /// Cooks it.
    @discardableResult
    func cook(in pot: Pot, with spices: Spice...) async throws -> Meal {
        let fire = Fire()
        let found: Spoon? = try await drawer.find("spoon")
        guard let spoon = found else { throw CookError.missing(.spoon) }
        fire.light().burn { flame in flame.glow() }
        spices.map(grind).forEach(pot.add)
        let stir = { (n: Int) in spoon.turn(n) }
        Task { await self.watch(fire) }
        return Kitchen.Meal(pot: pot, onDone: serve)
    }

    subscript(index: Int) -> Spice { spices[index] }
    static func == (a: Self, b: Self) -> Bool { same(a, b) }
    deinit { clean() }
}

final class Chef: Person, Cookable {
    weak var boss: Chef?
    override init() { super.init() }
    class Apron {}
}

enum Course: String, CaseIterable {
    case starter, main
    case dessert(Sweet)
    indirect case menu([Course])
    var next: Course { .main }
}

// What every pot can do.
extension Pot: Cookable where Lid: Tight {
    static let shared = Pot()
    func empty() { pour(contents) }
}

extension Kitchen.Meal {
    var isHot: Bool { heat > 50 }
}

actor Oven { var heat = 0 }

infix operator <+>
func <+> (a: Stew<Pot>, b: Stew<Pot>) -> Bool { a == b }
macro twice(_ x: Int) -> Int = #externalMacro(module: "M", type: "T")
