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
            .map { $0.hasPrefix("%d/") ? $0 : Self.quoted($0) }.joined(separator: " ")
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
    /// - Parameters:
    ///   - commandLine: as it was typed, without the program; paths are relative to `folder`.
    ///   - model: what it calls the model, and the file that this means now.
    ///   - paths: what the server reads besides.
    init(
        program: String, commandLine: [String], model: (name: String, file: String, servedAs: String),
        readable paths: [String], modelsFolder: String, keyFile: String?, drainSeconds: Int, isLocal: Bool,
        folder: String
    ) {
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : folder + "/" + path }
        var arguments = ["serve", absolute(model.file), "--alias", model.servedAs]
        var rest = commandLine.drop { $0 != "serve" }.dropFirst()
        var wantsModel = true
        var readable = paths.map(absolute)
        var namesModels = false
        while let argument = rest.popFirst() {
            let (name, value) = Self.split(argument)
            switch name {
            case "--service": break
            case "--alias", "--api-key-file": if value == nil { _ = rest.popFirst() }
            case "--adapter":
                guard let adapter = (value ?? rest.popFirst()).flatMap(AdapterArgument.init) else { break }
                let name = adapter.name.map { $0 + "=" } ?? ""
                let scale = adapter.scale == 1 ? "" : ":\(adapter.scale)"
                arguments += ["--adapter", name + absolute(adapter.path) + scale]
            case "--adapter-folder":
                guard let path = value ?? rest.popFirst() else { break }
                arguments += [name, absolute(path)]
            case "--embedding":
                guard let model = value ?? rest.popFirst() else { break }
                let isPath = model.contains("/") || model.hasSuffix(".gguf")
                arguments += ["--embedding", isPath ? absolute(model) : model]
                readable.append(isPath ? absolute(model) : absolute(modelsFolder))
                namesModels = namesModels || !isPath
            default:
                // The first that is the model's name; values of other options do not look like one.
                if wantsModel, argument == model.name { wantsModel = false } else { arguments.append(argument) }
            }
        }
        // A model in several files needs all of them.
        let file = absolute(model.file)
        let isPart = file.contains("-of-")
        let modelPath = isPart ? String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]) : file
        self.init(
            program: program, arguments: arguments, model: model.servedAs,
            readable: [modelPath] + readable, modelsFolder: namesModels ? absolute(modelsFolder) : nil,
            keyFile: keyFile.map(absolute),
            drainSeconds: drainSeconds, isLocal: isLocal)
    }

    /// `--name=value` in its parts.
    private static func split(_ argument: String) -> (name: String, value: String?) {
        guard argument.hasPrefix("--"), let mark = argument.firstIndex(of: "=") else { return (argument, nil) }
        return (String(argument[..<mark]), String(argument[argument.index(after: mark)...]))
    }
}
