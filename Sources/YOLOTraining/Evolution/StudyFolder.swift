import Foundation
import PyTorchFile
import YOLOData

/// The files of an evolution, shared by all workers on it.
///
/// - `evolve.csv`: the results, ``EvolutionTable``.
/// - `evolve.json`: what the table has no column for, ``StudyRecord``.
/// - `hyp_evolve.yaml`: the best hyperparameters, ``EvolvedFile``.
/// - `evolve.lock`: held by who reads and writes them.
/// - `evolve.<generation>.lock`: held by who trains that generation. The system releases it when the process ends, however it ends.
///
/// Files are replaced as a whole, so a reader without the lock never finds half of one.
struct StudyFolder {
    let url: URL
    let space: SearchSpace
    /// Keys that do not evolve, for `hyp_evolve.yaml`.
    let carried: [(name: String, value: Double)]
    let warn: (String) -> Void

    var table: URL { url.appendingPathComponent("evolve.csv") }
    var record: URL { url.appendingPathComponent("evolve.json") }
    var best: URL { url.appendingPathComponent("hyp_evolve.yaml") }

    /// What the files say while the lock is held.
    struct Contents {
        var table: EvolutionTable
        var record: StudyRecord
        var generations: [Int] { record.generations(of: table.rows) }
    }

    func create() throws(TrainingError) {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw .cannotCreate(path: url.path, reason: (error as NSError).localizedDescription)
        }
    }

    /// Runs `body` on what the files say, while no other worker reads or writes them.
    func locked<Result>(_ body: (inout Contents) throws -> Result) throws -> Result {
        try whileLocked {
            var contents = try read()
            return try body(&contents)
        }
    }

    /// - Returns: nil while another worker trains the generation.
    func claim(_ generation: Int) -> Claim? {
        FileLock(url.appendingPathComponent("evolve.\(generation).lock").path, waits: false).map { Claim($0, generation) }
    }

    /// Removes the files of claims on generations that are done: workers that were killed leave theirs.
    func removeClaims(on done: Set<Int>) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] {
            let parts = name.split(separator: ".")
            guard parts.count == 3, parts[0] == "evolve", parts[2] == "lock", let number = Int(parts[1]) else { continue }
            if done.contains(number) { _ = claim(number) }
        }
    }

    /// Adds the row of a training that has ended.
    ///
    /// It is recorded before the table is read: even if that fails, it is there next time.
    func add(_ entry: StudyRecord.Entry) throws {
        try whileLocked {
            var record = readRecord()
            record.pending.append(entry)
            try write(record)
            _ = try read()
        }
    }

    /// Adds rows of a table from elsewhere that are not there yet.
    func merge(_ rows: [EvolutionTable.Row], into contents: inout Contents) throws {
        var known = Dictionary(grouping: contents.table.rows, by: \.cells).mapValues(\.count)
        let new = rows.filter { row in
            known[row.cells, default: 0] -= 1
            return known[row.cells, default: 0] < 0
        }
        guard !new.isEmpty else { return }
        contents.table.rows += new
        try write(contents)
    }

    /// Waits for the lock `name`.
    func whileLocked<Result>(_ name: String = "evolve.lock", _ body: () throws -> Result) throws -> Result {
        let path = url.appendingPathComponent(name).path
        guard let lock = FileLock(path) else {
            throw TrainingError.cannotWrite(path: path, reason: "the file cannot be locked; take a folder on another disk")
        }
        defer { lock.release() }
        return try body()
    }

    // MARK: Reading and writing under the lock

    private func read() throws -> Contents {
        var contents = Contents(table: try readTable(), record: readRecord())
        if contents.table.lacksBrokenLine {
            warn("the last line of \(table.path) was cut off; it is left out")
        }
        guard contents.table.lacksBrokenLine || !contents.record.pending.isEmpty else { return contents }

        var unrecorded = contents.record.unrecorded(contents.table.rows).map(\.cells)
        for entry in contents.record.pending {
            if let written = unrecorded.firstIndex(of: entry.row) {
                unrecorded.remove(at: written)
            } else {
                try contents.table.append(entry.row, from: record.path)
            }
        }
        contents.record.rows += contents.record.pending
        contents.record.pending = []
        try write(contents)
        try write(contents.record)
        return contents
    }

    private func readTable() throws -> EvolutionTable {
        guard FileManager.default.fileExists(atPath: table.path) else { return EvolutionTable(space) }
        let text: String
        do { text = String(decoding: try Data(contentsOf: table), as: UTF8.self) } catch {
            throw TrainingError.unreadable(path: table.path, reason: (error as NSError).localizedDescription)
        }
        return try EvolutionTable(text, file: table.path, space)
    }

    private func readRecord() -> StudyRecord {
        guard let data = try? Data(contentsOf: record) else { return StudyRecord() }
        if let record = try? StudyRecord(json: data) { return record }
        warn("\(record.path) is damaged and written anew; generations are counted by the rows of \(table.lastPathComponent)")
        let empty = StudyRecord()
        try? write(empty)
        return empty
    }

    private func write(_ contents: Contents) throws {
        try AtomicFile.write([UInt8](contents.table.text.utf8), to: table.path)
        if let text = EvolvedFile.text(contents.table, generations: contents.generations, carried: carried) {
            try AtomicFile.write([UInt8](text.utf8), to: best.path)
        }
    }

    private func write(_ record: StudyRecord) throws {
        try AtomicFile.write(try record.json, to: self.record.path)
    }
}

/// The right to train a generation, until this object or the process goes.
final class Claim {
    let generation: Int
    private let lock: FileLock
    private var file: TemporaryFile?

    fileprivate init(_ lock: FileLock, _ generation: Int) {
        (self.lock, self.generation) = (lock, generation)
        file = lock.file
    }

    deinit {
        file = nil
        lock.release()
    }
}
