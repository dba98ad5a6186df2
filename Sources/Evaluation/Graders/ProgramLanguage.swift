/// How a program of a language is run, and made to say that its tests have come to their end.
package struct ProgramLanguage: Hashable, Sendable {
    /// How a program says so. Who only ends early does not; but what is in the same program, a program that was written
    /// against this grader could find.
    enum Proof: Hashable, Sendable {
        /// A statement at the end of the tests, with `{token}` where the token stands, before as many closing braces as
        /// their main function has around it; or in the place of what ends the tests.
        case statement(String, braces: Int = 0, ending: String? = nil)
        /// The exit status alone.
        case exitStatus
    }

    /// As MultiPL-E calls it.
    package var name: String
    /// As people call it.
    package var title: String
    /// Of the program.
    var file: String
    /// Command lines of a shell, one after the other; the first word of each is a program that has to be there.
    var commands: [String]
    var proof: Proof
    /// The first letters of what it reads of `/etc`.
    var settings: String?
    /// A command that prints the folder of the compiler itself, where the program that is found only looks for it.
    var root: [String]?

    static let all: [ProgramLanguage] = [
        .init(
            name: "cpp", title: "C++", file: "program.cpp",
            commands: ["g++ -std=c++17 -O1 program.cpp -o program", "./program"],
            proof: .statement("puts(\"{token}\");", braces: 1)),
        .init(
            name: "go", title: "Go", file: "program_test.go", commands: ["go test program_test.go"], proof: .exitStatus),
        .init(
            name: "java", title: "Java", file: "Problem.java",
            commands: ["javac -d . Problem.java", "java -ea Problem"],
            proof: .statement("System.out.println(\"{token}\");", braces: 2), settings: "java"),
        .init(
            name: "js", title: "JavaScript", file: "program.js", commands: ["node program.js"],
            proof: .statement("console.log(\"{token}\")")),
        .init(
            name: "lua", title: "Lua", file: "program.lua", commands: ["lua program.lua"],
            proof: .statement(
                "if lu.LuaUnit.run() > 0 then os.exit(1) end print(\"{token}\")", ending: "os.exit(lu.LuaUnit.run())")),
        .init(
            name: "php", title: "PHP", file: "program.php", commands: ["php program.php"],
            proof: .statement("echo \"{token}\";")),
        .init(
            name: "pl", title: "Perl", file: "program.pl", commands: ["perl program.pl"],
            proof: .statement("print \"{token}\\n\";")),
        .init(
            name: "rb", title: "Ruby", file: "program.rb", commands: ["ruby program.rb"],
            proof: .statement(
                """
                Test::Unit::AutoRunner.need_auto_run = false
                exit(1) unless Test::Unit::AutoRunner.run
                puts "{token}"
                """)),
        .init(
            name: "rs", title: "Rust", file: "program.rs", commands: ["rustc program.rs -o program", "./program"],
            proof: .statement("println!(\"{token}\");", braces: 1), root: ["rustc", "--print", "sysroot"]),
        .init(
            name: "sh", title: "Bash", file: "program.sh", commands: ["bash program.sh"],
            proof: .statement("echo \"{token}\"")),
        .init(
            name: "swift", title: "Swift", file: "program.swift",
            commands: ["swiftc -Onone program.swift -o program", "./program"],
            proof: .statement("print(\"{token}\")")),
        .init(
            name: "ts", title: "TypeScript", file: "program.ts",
            commands: ["tsc --target es2020 program.ts", "node program.js"],
            proof: .statement("console.log(\"{token}\")")),
    ]

    /// The language that MultiPL-E calls so.
    package static func named(_ name: String) -> ProgramLanguage? { all.first { $0.name == name } }

    /// Of all languages, as MultiPL-E calls them.
    package static var names: [String] { all.map(\.name) }

    /// - Returns: nil where the tests are not of the form that the language's are expected to have.
    func program(_ code: String, tests: String, token: String) -> String? {
        switch proof {
        case .exitStatus: return code + "\n" + tests
        case .statement(let text, let braces, let ending):
            var end = tests.endIndex
            if let ending {
                guard let place = tests.ranges(of: ending).last else { return nil }
                return "\(code)\n\(tests[..<place.lowerBound])\(text.replacing("{token}", with: token))\n"
            }
            for _ in 0..<braces {
                guard let brace = tests[..<end].lastIndex(of: "}") else { return nil }
                end = brace
            }
            let head = name == "cpp" ? "#include <cstdio>\n" : ""
            let statement = text.replacing("{token}", with: token)
            return "\(head)\(code)\n\(tests[..<end])\n\(statement)\n\(tests[end...])"
        }
    }

    /// The programs that have to be on this machine.
    var tools: [String] {
        commands.compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "./program" }
    }
}
