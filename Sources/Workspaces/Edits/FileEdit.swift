/// A change of one text file.
package enum FileEdit: Hashable, Sendable {
    /// Lines that are there, and those that take their place.
    case replace(path: String, search: [String], replacement: [String])
    /// The whole text of a file, new or not.
    case write(path: String, text: String)

    /// As it was written, which may lead anywhere.
    package var path: String {
        switch self {
        case .replace(let path, _, _), .write(let path, _): path
        }
    }
}
