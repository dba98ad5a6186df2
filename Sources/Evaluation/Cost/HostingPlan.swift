/// What a machine of one's own costs.
package struct HostingPlan: Hashable, Sendable, Codable {
    /// Of one machine.
    package var hardwarePrice: Double
    /// After which the machine is worth nothing.
    package var lifetimeYears: Double
    package var idleWatts: Double
    package var busyWatts: Double
    package var pricePerKilowattHour: Double
    /// The share of its time that a machine can be busy: requests do not come evenly.
    package var utilisation: Double
    /// Of the hardware's price, each year: repairs, room, work.
    package var maintenanceShare: Double

    package init(
        hardwarePrice: Double, lifetimeYears: Double, idleWatts: Double, busyWatts: Double,
        pricePerKilowattHour: Double,
        utilisation: Double, maintenanceShare: Double = 0
    ) {
        self.hardwarePrice = hardwarePrice
        self.lifetimeYears = lifetimeYears
        self.idleWatts = idleWatts
        self.busyWatts = busyWatts
        self.pricePerKilowattHour = pricePerKilowattHour
        self.utilisation = utilisation
        self.maintenanceShare = maintenanceShare
    }

    /// A twelfth of 365.25 days.
    package static let hoursPerMonth = 730.5

    /// Of a machine that does nothing: its wear, its maintenance, and what it draws while it waits.
    package var monthlyPrice: Double {
        hardwarePrice / (lifetimeYears * 12) + hardwarePrice * maintenanceShare / 12
            + idleWatts / 1000 * Self.hoursPerMonth * pricePerKilowattHour
    }

    /// What a second of work adds to that.
    package var pricePerBusySecond: Double { (busyWatts - idleWatts) / 1000 / 3600 * pricePerKilowattHour }

    /// Seconds of work that one machine does in a month.
    package var busySecondsPerMonth: Double { Self.hoursPerMonth * 3600 * utilisation }
}

/// Why costs cannot be computed.
package enum CostError: Error, Hashable, CustomStringConvertible {
    /// What has to be more than 0.
    case notPositive(String, Double)
    /// What has to be at least 0.
    case negative(String, Double)
    /// What has to be between 0 and 1.
    case noShare(String, Double)
    case busyBelowIdle(busy: Double, idle: Double)

    package var description: String {
        switch self {
        case .notPositive(let name, let value): "\(name) is \(value), and has to be a number above 0."
        case .negative(let name, let value): "\(name) is \(value), and cannot be less than 0."
        case .noShare(let name, let value): "\(name) is \(value), and has to be between 0 and 1, as 0.5 for half."
        case .busyBelowIdle(let busy, let idle):
            "a machine that draws \(idle) W idle cannot draw \(busy) W when busy. Are the two exchanged?"
        }
    }
}
