extension ScannedFile {
    package var stamp: FileStamp {
        FileStamp(
            byteCount: Int(byteCount), modifiedNanoseconds: Int(modifiedNanoseconds),
            changedNanoseconds: Int(changedNanoseconds), inode: Int(bitPattern: UInt(inode)))
    }
}
