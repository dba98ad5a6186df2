import ArgumentParser
import Foundation

@main
struct Martlet: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "martlet", version: "0.1.0")
}
