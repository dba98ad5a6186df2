import Foundation

/// Where settings, models, histories and caches live, as the XDG base directory specification says.
package struct StandardFolders: Hashable, Sendable {
    /// Settings of the user: `$XDG_CONFIG_HOME/martlet`, usually `~/.config/martlet`.
    package var configuration: String
    /// Models and histories: `$XDG_DATA_HOME/martlet`, usually `~/.local/share/martlet`.
    package var data: String
    /// What can be made again: `$XDG_CACHE_HOME/martlet`, usually `~/.cache/martlet`.
    package var cache: String
    /// The home folder, or the root where there is none.
    package var home: String

    package init(environment: [String: String]) {
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
        // The specification has relative values ignored.
        func base(_ variable: String, _ fallback: String) -> String {
            environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/" + fallback
        }
        self.home = home
        configuration = base("XDG_CONFIG_HOME", ".config") + "/martlet"
        data = base("XDG_DATA_HOME", ".local/share") + "/martlet"
        cache = base("XDG_CACHE_HOME", ".cache") + "/martlet"
    }

    /// The user's settings file, whether or not it exists.
    package var userSettings: String { configuration + "/config.json" }

    /// The project's settings file: `martlet.json` in a folder or the nearest one above it, not beyond the root of the
    /// repository nor beyond the home folder.
    package func projectSettings(from folder: String) -> String? {
        let files = FileManager.default
        var folder = folder
        while true {
            let candidate = (folder == "/" ? "" : folder) + "/martlet.json"
            if files.fileExists(atPath: candidate) { return candidate }
            if folder == home || folder == "/" || files.fileExists(atPath: folder + "/.git") { return nil }
            folder = (folder as NSString).deletingLastPathComponent
            if folder.isEmpty { return nil }
        }
    }

    /// Writes `~/...` out.
    package func expanded(_ path: String) -> String {
        if path == "~" { return home }
        return path.hasPrefix("~/") ? home + path.dropFirst(1) : path
    }
}
