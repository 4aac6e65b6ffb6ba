import Foundation
import GoldenFixtures
import Testing

@testable import YOLOTraining

@Suite("Buckets")
struct BucketTests {
    @Test("rows and the best go to the bucket after each generation", arguments: ["gsutil", "aws"])
    func uploads(_ program: String) throws {
        let cloud = try Cloud(program), study = try EvolutionStudy()
        try study.run(study.evolution(bucket: try cloud.bucket("b/runs/")), generations: 2)
        for name in ["evolve.csv", "hyp_evolve.yaml"] { #expect(try cloud.text("b/runs/\(name)") == study.text(name)) }
        let address = "\(cloud.scheme)b/runs"
        let calls = try cloud.calls()
        let cp = program == "aws" ? ["s3", "cp"] : ["cp"]
        #expect(calls.map { Array($0.prefix(cp.count)) }.allSatisfy { $0 == cp })
        let downloads = calls.filter { $0[cp.count] == "\(address)/evolve.csv" }
        #expect(downloads.count == 3)  // at the beginning, and before each upload
        let uploads = calls.filter { $0.last == "\(address)/evolve.csv" || $0.last == "\(address)/hyp_evolve.yaml" }
        let files = ["hyp_evolve.yaml", "evolve.csv", "hyp_evolve.yaml", "evolve.csv"]
        #expect(uploads.map { $0[cp.count] } == files.map { study.folder.appendingPathComponent($0).path })
        #expect(study.warnings.isEmpty)
    }

    @Test("an evolution goes on from the bucket, and loses no row of either side")
    func merging() throws {
        let cloud = try Cloud("gsutil"), first = try EvolutionStudy(), second = try EvolutionStudy()
        let bucket = try cloud.bucket("b")
        try first.run(first.evolution(seed: 1, bucket: bucket), generations: 3)
        // Another machine with rows of its own, which the bucket has not seen.
        try second.run(second.evolution(seed: 2), generations: 2)
        let summary = try second.run(second.evolution(seed: 2, bucket: bucket), generations: 6)
        // The first row is the same on both machines.
        #expect(summary.rows == 6 && summary.trained == 2)
        let rows = Set(try second.table().rows.map(\.cells))
        #expect(rows.isSuperset(of: try first.table().rows.map(\.cells)))
        #expect(rows.count == 6)
        #expect(try cloud.text("b/evolve.csv") == second.text("evolve.csv"))
        #expect(try first.run(first.evolution(seed: 1, bucket: bucket), generations: 6).trained == 0)
        #expect(Set(try first.table().rows.map(\.cells)) == rows)
    }

    @Test("without the program nothing is trained")
    func missingProgram() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, program) in [("b", "gsutil"), ("gs://b", "gsutil"), ("s3://b", "aws")] {
            let error = #expect(throws: TrainingError.self) { try Bucket(name, searchPath: folder.path) }
            #expect(
                error?.description
                    == "--bucket is \(name); expected the program \(program), which copies the files; it is not installed, or not in $PATH")
        }
    }

    @Test("what is no bucket's name is refused", arguments: ["", "gs://", "https://b", "gs://s3://b", "-r", "a b", "b*", "b\n", "/b"])
    func wrongName(_ name: String) {
        let error = #expect(throws: TrainingError.self) { try Bucket(name, searchPath: "/bin") }
        #expect(error?.description == "--bucket is '\(name)'; expected NAME, gs://NAME or s3://NAME")
    }

    @Test("arguments do not pass through a shell")
    func noShell() throws {
        let cloud = try Cloud("gsutil"), study = try EvolutionStudy()
        let name = "b;touch${IFS}\(cloud.folder.path)/hacked;$(touch${IFS}hacked)'\""
        try study.run(study.evolution(bucket: try cloud.bucket(name)), generations: 1)
        #expect(try cloud.text("\(name)/evolve.csv") == study.text("evolve.csv"))
        #expect(!FileManager.default.fileExists(atPath: cloud.folder.path + "/hacked"))
    }

    @Test("a failure at the beginning is an error, later ones are one warning and tried again")
    func failures() throws {
        let cloud = try Cloud("gsutil"), study = try EvolutionStudy()
        let evolution = study.evolution(bucket: try cloud.bucket("b"))
        try cloud.fail(true)
        let error = #expect(throws: TransferFailure.self) { try study.run(evolution, generations: 2) }
        #expect(error?.description.hasSuffix("gsutil ended with status 1: ServiceException: 503 out of order") == true)
        #expect(study.candidates.isEmpty)

        try cloud.fail(false)
        try study.run(evolution, generations: 6) { values, generation in
            try cloud.fail((1...3).contains(generation))
            return EvolutionStudy.train(values, generation)
        }
        #expect(study.warnings.count == 1)
        #expect(study.warnings[0].hasSuffix("503 out of order; it is tried again after the next generation"))
        #expect(try cloud.text("b/evolve.csv") == study.text("evolve.csv"))
    }

    @Test("another study's table in the bucket is not overwritten")
    func foreignTable() throws {
        let cloud = try Cloud("gsutil"), study = try EvolutionStudy()
        try cloud.put("epoch, loss\n0, 1\n", as: "b/evolve.csv")
        let error = #expect(throws: TrainingError.self) {
            try study.run(study.evolution(bucket: try cloud.bucket("b")), generations: 1)
        }
        #expect(error?.description.hasPrefix("cannot read 'gs://b/evolve.csv': it lacks the columns metrics/precision") == true)
        #expect(study.candidates.isEmpty)
        #expect(try cloud.text("b/evolve.csv") == "epoch, loss\n0, 1\n")
    }

    @Test("a program that hangs is ended, and so are those that it has started", arguments: ["exec sleep 600", "sleep 600 & wait"])
    func hanging(script: String) throws {
        let cloud = try Cloud("gsutil"), study = try EvolutionStudy()
        try cloud.install("#!/bin/sh\n\(script)\n")
        let evolution = study.evolution(bucket: try cloud.bucket("b", patience: .milliseconds(50)))
        let error = #expect(throws: TransferFailure.self) { try study.run(evolution, generations: 1) }
        #expect(error?.description.hasSuffix("gsutil did not end") == true)
    }
}

/// A program of a storage provider that copies to a folder beside it.
private final class Cloud {
    let folder: URL
    let scheme: String
    private let program: String

    init(_ program: String, _ name: String = #function) throws {
        self.program = program
        scheme = program == "aws" ? "s3://" : "gs://"
        folder = try Fixtures.temporaryFolder(name)
        let skipped = program == "aws" ? "shift; " : ""
        try install(
            """
            #!/bin/sh
            dir='\(folder.path)'
            for word in "$@"; do printf '%s\\t' "$word" >> "$dir/calls"; done
            echo >> "$dir/calls"
            if [ -e "$dir/fails" ]; then echo 'ServiceException: 503 out of order' >&2; exit 1; fi
            \(skipped)[ "$1" = cp ] || exit 2
            local_name() { case "$1" in \(scheme)*) printf '%s/cloud/%s' "$dir" "${1#\(scheme)}";; *) printf '%s' "$1";; esac; }
            from=$(local_name "$2"); to=$(local_name "$3")
            if [ ! -e "$from" ]; then echo "CommandException: No URLs matched: $2" >&2; exit 1; fi
            mkdir -p "$(dirname "$to")" && cp "$from" "$to"

            """)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func install(_ script: String) throws {
        let file = folder.appendingPathComponent(program)
        try Data(script.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    func bucket(_ name: String, patience: Duration = .seconds(60)) throws -> Bucket {
        try Bucket(program == "aws" ? scheme + name : name, searchPath: "/nowhere:" + folder.path, patience: patience)
    }

    /// Whether the network is down.
    func fail(_ fails: Bool) throws {
        let mark = folder.appendingPathComponent("fails")
        if fails { try Data().write(to: mark) } else { try? FileManager.default.removeItem(at: mark) }
    }

    func put(_ text: String, as name: String) throws {
        let file = folder.appendingPathComponent("cloud/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent("cloud/\(name)"), encoding: .utf8)
    }

    /// The arguments of each call.
    func calls() throws -> [[String]] {
        try String(contentsOf: folder.appendingPathComponent("calls"), encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: "\t").map(String.init) }
    }
}
