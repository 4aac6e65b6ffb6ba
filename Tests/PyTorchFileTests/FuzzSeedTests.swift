import Foundation
import Testing

@testable import PyTorchFile

/// The files from which the fuzzer starts are what their names say: otherwise it would start nowhere.
@Suite struct FuzzSeedTests {
    private func read(pickle: [UInt8]) -> Result<PickleValue, Defect> {
        Result { () throws(Defect) in
            try withRawBytes(of: pickle) { (bytes) throws(Defect) in
                try ValueBuilder.value(of: try PickleMachine.run(bytes)) { (_, count, _) throws(Defect) in
                    guard count == FuzzSeeds.storage.count else { throw .malformed("the storage has \(count) bytes") }
                    return TensorStorage(FuzzSeeds.storage)
                }
            }
        }
    }

    @Test("Every instruction is in a pickle that is read, or is refused by its name", arguments: PickleOpcode.allCases)
    func opcodes(opcode: PickleOpcode) {
        let pickle = FuzzSeeds.example(of: opcode)
        #expect(pickle.contains(opcode.rawValue))
        switch read(pickle: pickle) {
        case .success: break
        case .failure(let defect):
            let name = "\(opcode)".uppercased()
            #expect("\(defect)".contains("uses the instruction \(name) at byte 2"), "\(opcode): \(defect)")
        }
    }

    @Test("Hostile pickles are refused or cut, the others are read")
    func pickles() {
        let refused = FuzzSeeds.pickles.filter { if case .failure = read(pickle: $0.bytes) { true } else { false } }.map(\.name)
        #expect(refused.filter { !$0.hasPrefix("opcode-") } == [
            "deep-lists", "deep-tuples", "huge-shape", "huge-storage", "many-dimensions", "nested-persistent",
        ])
        #expect(Set(FuzzSeeds.pickles.map(\.name)).count == FuzzSeeds.pickles.count)
    }

    @Test("All archives are read, from memory as from a file")
    func archives() throws {
        let folder = try TestFolder()
        let archives = try FuzzSeeds.archives(in: folder.url.path)
        #expect(archives.count > 20)
        for seed in archives {
            let fromFile = try folder.open(seed.bytes)
            try fromFile.verify()
            let fromMemory = try seed.bytes.withUnsafeBytes { try PyTorchFile(bytes: $0, name: seed.name) }
            #expect(fromMemory.path == seed.name)
            #expect(fromMemory.root.kind == fromFile.root.kind, "\(seed.name)")
            #expect(fromMemory.root.tensor?.doubles == fromFile.root.tensor?.doubles, "\(seed.name)")
        }
    }

    @Test("Safetensors files are read but for two")
    func safetensors() {
        let refused = FuzzSeeds.safetensors.filter { seed in
            (try? seed.bytes.withUnsafeBytes { try SafetensorsFile(bytes: $0, name: seed.name) }) == nil
        }
        #expect(refused.map(\.name) == ["deep", "huge-shape"])
    }
}
