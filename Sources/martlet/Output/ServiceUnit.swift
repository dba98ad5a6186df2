/// A systemd unit that runs a server as a user of its own, who may read the model and nothing else of anybody's.
///
/// - SeeAlso: systemd.exec(5), systemd.service(5); written for systemd 252 (Debian 12) and later.
struct ServiceUnit: Equatable {
    /// Absolute path of this binary.
    var program: String
    /// Of the command, `serve` first; without what `readable` and `keyFile` say.
    var arguments: [String]
    var model: String
    /// Absolute paths that the server reads, besides its own binary.
    var readable: [String]
    /// Where models are looked for by name; nil where the command names none but by path.
    var modelsFolder: String?
    /// Absolute path; systemd hands it over, so that only root need be able to read it.
    var keyFile: String?
    var drainSeconds: Int
    /// Whether only this machine is to reach it.
    var isLocal: Bool

    var text: String {
        let command = ([program] + arguments + (keyFile == nil ? [] : ["--api-key-file", "%d/keys"]))
            .map { $0.hasPrefix("%d/") || $0 == Self.slotFolder ? $0 : Self.quoted($0) }.joined(separator: " ")
        let network = isLocal ? "IPAddressDeny=any\nIPAddressAllow=localhost\n" : ""
        let credential = keyFile.map { "LoadCredential=keys:\(Self.escaped($0))\n" } ?? ""
        let models = modelsFolder.map { "Environment=\(Self.quoted("MARTLET_MODELS=" + $0))\n" } ?? ""
        // A colon would part a path from the place where it is to appear.
        let paths = ([program] + readable)
            .map { Self.quoted($0.replacing(":", with: "\u{1}")).replacing("\u{1}", with: "\\:") }
            .joined(separator: " ")
        return """
            # Install: martlet serve ... --service | sudo tee /etc/systemd/system/martlet.service
            #          sudo systemctl daemon-reload && sudo systemctl enable --now martlet
            # Watch:   journalctl -u martlet -f
            # Settings files and variables of users do not count here: what is not a flag below has its default.
            [Unit]
            Description=martlet serve: \(Self.escaped(model))
            After=network.target

            [Service]
            Type=exec
            ExecStart=\(command)
            \(credential)Restart=on-failure
            RestartSec=2
            # SIGTERM lets running answers come to their end.
            KillSignal=SIGTERM
            KillMode=mixed
            TimeoutStopSec=\(drainSeconds + 10)
            LimitNOFILE=8192

            DynamicUser=yes
            StateDirectory=martlet
            CacheDirectory=martlet
            Environment=HOME=%S/martlet XDG_CACHE_HOME=%C
            \(models)WorkingDirectory=%S/martlet
            BindReadOnlyPaths=\(paths)
            ProtectHome=tmpfs
            ProtectSystem=strict
            PrivateTmp=yes
            PrivateDevices=yes
            ProtectClock=yes
            ProtectControlGroups=yes
            ProtectHostname=yes
            ProtectKernelLogs=yes
            ProtectKernelModules=yes
            ProtectKernelTunables=yes
            ProtectProc=invisible
            NoNewPrivileges=yes
            CapabilityBoundingSet=
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            SystemCallErrorNumber=EPERM
            UMask=0077
            \(network)
            [Install]
            WantedBy=multi-user.target

            """
    }

    /// Where a unit saves slots: the folder that systemd gives it.
    private static let slotFolder = "%S/martlet/slots"

    /// As one word of a line; `%` and `$` mean themselves.
    static func quoted(_ word: String) -> String {
        let safe = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_./:=,+@".utf8.contains(byte)
            }
        }
        guard !safe || word.isEmpty else { return word }
        let inner = word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%")
            .replacing("$", with: "$$").replacing("\n", with: "\\n")
        return "\"\(inner)\""
    }

    /// As the rest of a line.
    private static func escaped(_ text: String) -> String {
        text.replacing("%", with: "%%").replacing("\n", with: " ")
    }
}

extension ServiceUnit {
    /// The unit of a command line.
    ///
    /// One model is given by its file, so that the unit needs nothing else; several keep the names that they have in the
    /// store, which the unit may read then.
    /// - Parameters:
    ///   - commandLine: as it was typed, without the program; paths are relative to `folder`.
    ///   - models: what it calls the models, and the files that this means now.
    ///   - firstName: that the first is to be called by; nil: its own.
    ///   - offersAll: whether everything in the store is served.
    ///   - paths: what the server reads besides.
    init(
        program: String, commandLine: [String], models: [(name: String, file: String)], firstName: String?,
        offersAll: Bool, readable paths: [String], modelsFolder: String, keyFile: String?, drainSeconds: Int,
        isLocal: Bool, folder: String
    ) {
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : folder + "/" + path }
        var arguments = ["serve"]
        var readable = paths.map(absolute)
        var namesModels = offersAll
        /// What the unit calls a model, which it may read then.
        func reference(_ model: String) -> String {
            guard model.contains("/") || model.hasSuffix(".gguf") else {
                namesModels = true
                return model
            }
            readable.append(absolute(model))
            return absolute(model)
        }
        let servedAs = firstName ?? models.first.map { ServeCommand.name(of: $0.name) }
        let isAlone = models.count == 1 && !offersAll
        if isAlone {
            let file = absolute(models[0].file)
            // A model in several files needs all of them.
            let isPart = file.contains("-of-")
            readable.insert(isPart ? String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]) : file, at: 0)
            arguments.append(file)
        } else {
            arguments += models.map { reference($0.name) }
        }
        if let servedAs, isAlone || firstName != nil { arguments += ["--alias", servedAs] }
        var rest = commandLine.drop { $0 != "serve" }.dropFirst()
        var unseen = models.map(\.name)
        while let argument = rest.popFirst() {
            let (name, value) = Self.split(argument)
            switch name {
            case "--service": break
            case "--api-key-file": if value == nil { _ = rest.popFirst() }
            case "--alias":
                guard let alias = (value ?? rest.popFirst()).flatMap(AliasArgument.init), let model = alias.model
                else { break }
                // The only model is known to the unit by its file's name.
                let wanted = isAlone ? absolute(models[0].file) : model.contains("/") ? absolute(model) : model
                arguments += ["--alias", "\(alias.name)=\(wanted)"]
            case "--adapter":
                guard let adapter = (value ?? rest.popFirst()).flatMap(AdapterArgument.init) else { break }
                let name = adapter.name.map { $0 + "=" } ?? ""
                let scale = adapter.scale == 1 ? "" : ":\(adapter.scale)"
                arguments += ["--adapter", name + absolute(adapter.path) + scale]
            case "--slot-save-path":
                if value == nil { _ = rest.popFirst() }
                arguments += [name, Self.slotFolder]
            case "--cache-folder":
                // Systemd gives the unit one.
                if value == nil { _ = rest.popFirst() }
            case "--adapter-folder":
                guard let path = value ?? rest.popFirst() else { break }
                arguments += [name, absolute(path)]
            case "--embedding", "--draft":
                guard let model = value ?? rest.popFirst() else { break }
                arguments += [name, reference(model)]
            default:
                // Names of models are there already; values of other options do not look like one.
                if let place = unseen.firstIndex(of: argument) {
                    unseen.remove(at: place)
                } else {
                    arguments.append(argument)
                }
            }
        }
        if namesModels { readable.append(absolute(modelsFolder)) }
        self.init(
            program: program, arguments: arguments,
            model: servedAs.map { models.count > 1 || offersAll ? $0 + " and others" : $0 } ?? "all models",
            readable: readable, modelsFolder: namesModels ? absolute(modelsFolder) : nil,
            keyFile: keyFile.map(absolute),
            drainSeconds: drainSeconds, isLocal: isLocal)
    }

    /// `--name=value` in its parts.
    private static func split(_ argument: String) -> (name: String, value: String?) {
        guard argument.hasPrefix("--"), let mark = argument.firstIndex(of: "=") else { return (argument, nil) }
        return (String(argument[..<mark]), String(argument[argument.index(after: mark)...]))
    }
}
