/// The best way that this system has.
/// - Parameter root: of what is watched, absolute.
func systemFolderEvents(root: String) -> any FolderEvents {
    #if os(Linux)
        if let events = InotifyFolderEvents(root: root) { return events }
        return PolledFolderEvents(because: "the system gives no inotify instance (fs.inotify.max_user_instances)")
    #else
        return PolledFolderEvents(because: "this system's notices of changes are not used")
    #endif
}
