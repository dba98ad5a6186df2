internal import Processes

/// A program that was started with pipes for its standard input, output and errors.
struct SpawnedServer {
    let identifier: Int32
    /// Ends of the pipes that are kept here; none of them blocks.
    let input: Int32
    let output: Int32
    let errors: Int32

    /// - Parameters:
    ///   - command: the program's absolute path and its arguments.
    ///   - folder: that it starts in.
    init(_ command: [String], environment: [String: String], folder: String) throws(ServerFailure) {
        var pipes: [PipeEnds] = []
        do {
            for _ in 0..<3 { pipes.append(try PipeEnds()) }
            identifier = try ChildProcess.start(
                command, environment: environment, folder: folder,
                descriptors: [pipes[0].read, pipes[1].write, pipes[2].write])
        } catch {
            for pipe in pipes {
                pipe.closeRead()
                pipe.closeWrite()
            }
            throw .cannotStart(program: command[0], reason: error.reason)
        }
        pipes[0].closeRead()
        pipes[1].closeWrite()
        pipes[2].closeWrite()
        (input, output, errors) = (pipes[0].write, pipes[1].read, pipes[2].read)
        for end in [input, output, errors] { PipeEnds.makeNonBlocking(end) }
    }
}
