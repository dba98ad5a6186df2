#if os(Linux)
    internal import Dispatch
    internal import Synchronization

    #if canImport(Glibc)
        internal import Glibc
    #elseif canImport(Musl)
        internal import Musl
    #endif

    /// What Linux tells of watched folders. When it takes no more of them, says every second that anything may have
    /// changed.
    final class InotifyFolderEvents: FolderEvents {
        private let root: String
        private let descriptor: Int32
        private let source: any DispatchSourceRead
        private let inbox: Inbox
        private let signals: AsyncStream<Void>
        /// From the root, by watch.
        private var folders: [Int32: String] = [:]
        private(set) var limitation: String?

        /// What was read and not yet looked at.
        private final class Inbox: Sendable {
            let bytes = Mutex<[UInt8]>([])
            func take() -> [UInt8] {
                bytes.withLock { bytes in
                    defer { bytes = [] }
                    return bytes
                }
            }
        }

        private static let mask = UInt32(
            IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
                | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)

        /// A save is several events; what follows within that time belongs to it.
        private static let gatherTime = Duration.milliseconds(4)
        private static let gatherLimit = 25

        init?(root: String) {
            let opened = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
            guard opened >= 0 else { return nil }
            self.root = root
            descriptor = opened
            let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            let inbox = Inbox()
            self.signals = signals
            self.inbox = inbox
            source = DispatchSource.makeReadSource(fileDescriptor: opened)
            source.setEventHandler {
                let bytes = Self.readAll(opened)
                guard !bytes.isEmpty else { return }
                inbox.bytes.withLock { $0 += bytes }
                signal.yield()
            }
            source.setCancelHandler { close(opened) }
            source.resume()
        }

        deinit { source.cancel() }

        private static func readAll(_ descriptor: Int32) -> [UInt8] {
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { return all }
                all += buffer[..<count]
            }
        }

        func watch(_ path: String) -> Bool {
            guard limitation == nil else { return false }
            let watch = unsafe inotify_add_watch(descriptor, path.isEmpty ? root : root + "/" + path, Self.mask)
            guard watch >= 0 else {
                // A folder that is gone by now, or not to be read, is the scan's affair.
                if errno == ENOSPC || errno == ENOMEM {
                    limitation = "there are more folders than inotify takes (fs.inotify.max_user_watches)"
                }
                return false
            }
            return folders.updateValue(path, forKey: watch) == nil
        }

        func next() async throws -> FolderChanges {
            if limitation != nil {
                try await Task.sleep(for: .seconds(1))
                _ = inbox.take()
                var changes = FolderChanges()
                changes.isMore = true
                return changes
            }
            while true {
                for await _ in signals { break }
                try Task.checkCancellation()
                var changes = FolderChanges()
                for _ in 0..<Self.gatherLimit {
                    let bytes = inbox.take()
                    if bytes.isEmpty { break }
                    add(bytes, to: &changes)
                    try await Task.sleep(for: Self.gatherTime)
                }
                if !changes.isEmpty { return changes }
            }
        }

        /// Each event is a watch, what happened, a cookie and the length of the name that follows, 4 bytes each.
        private func add(_ bytes: [UInt8], to changes: inout FolderChanges) {
            var place = 0
            while place + 16 <= bytes.count {
                let (watch, what, length) = unsafe bytes.withUnsafeBytes { raw in
                    unsafe (
                        raw.loadUnaligned(fromByteOffset: place, as: Int32.self),
                        Int32(bitPattern: raw.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)),
                        Int(raw.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))
                    )
                }
                let end = min(place + 16 + length, bytes.count)
                let name = String(decoding: bytes[(place + 16)..<end].prefix { $0 != 0 }, as: UTF8.self)
                place = end
                add(watch, what, name, to: &changes)
            }
        }

        private func add(_ watch: Int32, _ what: Int32, _ name: String, to changes: inout FolderChanges) {
            if what & IN_IGNORED != 0 {
                folders[watch] = nil
                return
            }
            // What git does for itself is none of the files.
            if name == ".git" && what & IN_ISDIR != 0 && what & (IN_CREATE | IN_DELETE) == 0 { return }
            let isContents = what & (IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB) != 0 && what & IN_ISDIR == 0
            guard isContents, !name.isEmpty, let folder = folders[watch] else {
                // Rights and times of a folder are of no interest.
                if what & IN_ATTRIB == 0 || what & IN_Q_OVERFLOW != 0 { changes.isMore = true }
                return
            }
            changes.contents.insert(folder.isEmpty ? name : folder + "/" + name)
        }
    }
#endif
