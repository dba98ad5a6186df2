import ArgumentParser
import Generation
import Settings

/// How much of what prompts left behind a server keeps, and where.
struct CacheOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Memory for prompts and answers that no running request needs, such as 2G; 0 keeps none, also on disk. \
            Default: a quarter of what is free.
            """, valueName: "size"))
    var cacheMemory: ByteSizeArgument?

    @Option(help: ArgumentHelp("Disk space for them; 0 keeps none there.", valueName: "size"))
    var cacheDisk = ByteSizeArgument(bytes: 4 << 30)

    @Option(
        help: ArgumentHelp("Folder for them. Default: ~/.cache/martlet/prefixes.", valueName: "path"),
        completion: .directory)
    var cacheFolder: String?

    func prefixes(environment: [String: String]) -> PrefixCacheOptions {
        let folders = StandardFolders(environment: environment)
        var options = PrefixCacheOptions()
        options.memory = cacheMemory?.bytes
        options.disk = cacheDisk.bytes
        options.folder = folders.expanded(cacheFolder ?? folders.cache + "/prefixes")
        return options
    }
}

/// A count of bytes: digits, with K, M, G or T for powers of 1,024.
struct ByteSizeArgument: ExpressibleByArgument, Equatable, CustomStringConvertible {
    var bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        var digits = argument.uppercased()[...]
        if digits.hasSuffix("B") { digits.removeLast() }
        let shift = ["K": 10, "M": 20, "G": 30, "T": 40][digits.last.map(String.init) ?? ""] ?? 0
        if shift > 0 { digits.removeLast() }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int(digits), count <= Int.max >> shift
        else { return nil }
        bytes = count << shift
    }

    var description: String {
        for (unit, shift) in [("T", 40), ("G", 30), ("M", 20), ("K", 10)]
        where bytes > 0 && bytes % (1 << shift) == 0 { return "\(bytes >> shift)\(unit)" }
        return String(bytes)
    }
}
