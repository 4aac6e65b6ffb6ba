import Foundation

/// Keeps the files of a study and of a bucket alike.
///
/// Where the reference lets the larger `evolve.csv` replace the other, here each gets the rows that it lacks: workers on
/// several machines lose none.
struct BucketCopy {
    let bucket: Bucket
    let study: StudyFolder

    /// Fetches the rows that the study lacks, then sends its files if the bucket lacks some.
    /// - Throws: `TransferFailure`, and what is wrong with one of the tables.
    func synchronize() throws {
        // One worker at a time, or an older table could arrive after a newer one.
        try study.whileLocked("evolve.bucket.lock") {
            let remote = try download()
            let isComplete = try study.locked { contents in
                try study.merge(remote?.rows ?? [], into: &contents)
                return contents.table.rows.count == remote?.rows.count ?? 0
            }
            guard !isComplete else { return }
            // The table comes last: where it is, the other has been there.
            for file in [study.best, study.table] where FileManager.default.fileExists(atPath: file.path) {
                try bucket.upload(file)
            }
        }
    }

    /// - Returns: nil while the bucket has no table.
    private func download() throws -> EvolutionTable? {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appendingPathComponent("yolov5-\(UUID().uuidString)", isDirectory: true)
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: folder) }
        let name = study.table.lastPathComponent
        let copy = folder.appendingPathComponent(name)
        guard try bucket.download(name, to: copy) else { return nil }
        return try EvolutionTable(String(decoding: Data(contentsOf: copy), as: UTF8.self), file: "\(bucket.address)/\(name)", study.space)
    }
}
