extension PartialFile {
    /// Appends what a member of an archive holds.
    /// - Parameter name: what errors call the archive.
    func append(_ member: String, of file: MappedFile, called name: String) throws(PullError) {
        do throws(ZipReadError) {
            let archive: ZipArchive
            let found: ZipArchive.Member
            do throws(ZipError) {
                archive = try unsafe ZipArchive(MappedFile(borrowing: file.bytes, path: name))
                found = try archive.member(named: member)
            } catch { throw .archive(error) }
            try unsafe archive.read(found) { bytes throws(FileError) in try unsafe append(bytes) }
        } catch {
            switch error {
            case .archive(let error): throw .zip(error)
            case .receiver(let error): throw .file(error)
            }
        }
    }
}
