import Glibc

@testable import PyTorchFile

/// Writes the tests' seeds for each target: `write-seeds FOLDER` fills FOLDER/pickle, FOLDER/archive and FOLDER/safetensors.
@main
struct WriteSeeds {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 2 else { fatalError("usage: write-seeds FOLDER") }
        let folder = arguments[1]
        try write(FuzzSeeds.pickles, to: folder + "/pickle")
        try write(FuzzSeeds.safetensors, to: folder + "/safetensors")
        try write(try FuzzSeeds.archives(in: folder), to: folder + "/archive")
    }

    private static func write(_ seeds: [FuzzSeeds.Seed], to folder: String) throws {
        mkdir(folder, 0o777)
        for seed in seeds {
            let file = try AtomicFile(replacing: folder + "/" + seed.name)
            try file.write(seed.bytes)
            try file.commit()
        }
    }
}
