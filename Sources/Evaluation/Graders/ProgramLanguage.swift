/// How a program of a language is run, and made to say that its tests have come to their end.
package struct ProgramLanguage: Hashable, Sendable {
    /// How a program says so. Who only ends early does not; but what is in the same program, a program that was written
    /// against this grader could find.
    enum Proof: Hashable, Sendable {
        /// A statement behind the tests, with `{token}` where the token stands.
        case statement(String)
        /// The tests have a `main` of this text; it gets another name, and is called by one that goes on.
        case main(String, renamed: String, caller: String)
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

    static let all: [ProgramLanguage] = [
        .init(
            name: "cpp", title: "C++", file: "program.cpp",
            commands: ["g++ -std=c++17 -O1 program.cpp -o program", "./program"],
            proof: .main("int main()", renamed: "int tests()", caller: "int main() { tests(); puts(\"{token}\"); }")),
        .init(
            name: "go", title: "Go", file: "program_test.go", commands: ["go test program_test.go"], proof: .exitStatus),
        .init(
            name: "java", title: "Java", file: "Problem.java",
            commands: ["javac -d . Problem.java", "java -ea Problem"],
            proof: .exitStatus),
        .init(
            name: "js", title: "JavaScript", file: "program.js", commands: ["node program.js"],
            proof: .statement("console.log(\"{token}\")")),
        .init(
            name: "lua", title: "Lua", file: "program.lua", commands: ["lua program.lua"],
            proof: .exitStatus),
        .init(
            name: "php", title: "PHP", file: "program.php", commands: ["php program.php"],
            proof: .statement("echo \"{token}\";")),
        .init(
            name: "pl", title: "Perl", file: "program.pl", commands: ["perl program.pl"],
            proof: .statement("print \"{token}\\n\";")),
        .init(name: "rb", title: "Ruby", file: "program.rb", commands: ["ruby program.rb"], proof: .exitStatus),
        .init(
            name: "rs", title: "Rust", file: "program.rs", commands: ["rustc program.rs -o program", "./program"],
            proof: .main(
                "fn main()", renamed: "fn tests()", caller: "fn main() { tests(); println!(\"{token}\"); }")),
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

    package static func named(_ name: String) -> ProgramLanguage? { all.first { $0.name == name } }

    package static var names: [String] { all.map(\.name) }

    /// - Returns: nil where the tests are not of the form that the language's are expected to have.
    func program(_ code: String, tests: String, token: String) -> String? {
        switch proof {
        case .exitStatus: return code + "\n" + tests
        case .statement(let text):
            return code + "\n" + tests + "\n" + text.replacing("{token}", with: token) + "\n"
        case .main(let text, let renamed, let caller):
            guard tests.contains(text) else { return nil }
            let head = name == "cpp" ? "#include <cstdio>\n" : ""
            return head + code + "\n" + tests.replacing(text, with: renamed) + "\n"
                + caller.replacing("{token}", with: token) + "\n"
        }
    }

    /// The programs that have to be on this machine.
    var tools: [String] {
        commands.compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "./program" }
    }
}
