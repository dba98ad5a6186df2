import ArgumentParser
import WireFormats

/// Which models a server offers, under which names, and how many of them are in memory.
struct ResidencyOptions: ParsableArguments {
    @Flag(name: .customLong("all"), help: "Offer every model of the store, loaded on first use.")
    var offersAll = false

    @Option(
        help: ArgumentHelp(
            """
            Name that requests call the first model by, instead of its own; or NAME=MODEL, a further name of any. May be \
            given several times.
            """, valueName: "name"))
    var alias: [AliasArgument] = []

    @Option(
        help: ArgumentHelp(
            """
            Memory for all of it, such as 12G: the models that are loaded, their contexts when they are full, and the cache of \
            prefixes. Default: what is free.
            """, valueName: "size"))
    var memory: ByteSizeArgument?

    @Option(
        help: ArgumentHelp(
            """
            How long a model that nobody uses stays in memory: seconds, or a duration such as 5m. Default: until another \
            needs the room.
            """, valueName: "seconds"))
    var keepAlive: KeepAliveArgument?

    func validate() throws {
        guard alias.count(where: { $0.model == nil }) <= 1 else {
            throw ValidationError("--alias without a model names the first one, which has one name. Try NAME=MODEL.")
        }
        guard memory?.bytes != 0 else { throw ValidationError("--memory takes a size, such as 12G.") }
    }

    /// The name that the first model has instead of its own.
    var firstName: String? { alias.first { $0.model == nil }?.name }
}

/// NAME or NAME=MODEL.
struct AliasArgument: ExpressibleByArgument, Equatable {
    var name: String
    var model: String?

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        name = parts[0]
        model = parts.count > 1 ? parts[1] : nil
    }
}

/// Seconds, or a duration as `KeepAlive` reads it.
struct KeepAliveArgument: ExpressibleByArgument, Equatable {
    var seconds: Double

    init?(argument: String) {
        guard let keepAlive = KeepAlive(argument) else { return nil }
        seconds = keepAlive.seconds
    }
}
