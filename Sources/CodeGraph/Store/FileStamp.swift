/// What tells, without reading it, that a file has not changed.
package struct FileStamp: Hashable, Sendable {
    package var byteCount: Int
    /// Since 1970.
    package var modifiedNanoseconds: Int
    /// Since 1970; -1 for a stamp that is never to be trusted.
    package var changedNanoseconds: Int
    package var inode: Int

    package init(byteCount: Int, modifiedNanoseconds: Int, changedNanoseconds: Int, inode: Int) {
        self.byteCount = byteCount
        self.modifiedNanoseconds = modifiedNanoseconds
        self.changedNanoseconds = changedNanoseconds
        self.inode = inode
    }

    /// The stamp to remember of a file that was looked at then.
    ///
    /// Systems take the times of files from a clock that ticks every few milliseconds. A file that was changed in the
    /// same tick in which it was looked at may change again and keep its times, so its stamp says nothing.
    /// - Parameter nanoseconds: since 1970.
    package func remembered(lookedAt nanoseconds: Int) -> FileStamp {
        // Times in whole seconds come from file systems that know no others, the coarsest of which counts by twos.
        let tick = changedNanoseconds % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000
        guard changedNanoseconds > nanoseconds - tick else { return self }
        var stamp = self
        stamp.changedNanoseconds = -1
        return stamp
    }
}
