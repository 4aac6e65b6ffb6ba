import Foundation
import GoldenFixtures
import PyTorchFile
import Testing
import Torch
@testable import YOLOModel

@Suite("Models as safetensors", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct SafetensorsModelTests {
    @Test("A model goes to safetensors and back with weights, types, description and names")
    func roundTrip() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (middle, end) = (folder.appendingPathComponent("n.safetensors").path, folder.appendingPathComponent("n.pt").path)
        var official = try Checkpoint(path: OfficialModel.path)
        official.classNames[1] = "vélo \"à deux\" 自行车"
        try official.writeSafetensors(to: middle)

        let opened = try Checkpoint(path: middle)
        #expect(opened.classNames == official.classNames)
        #expect(opened.configuration == official.configuration)
        try opened.completed().write(to: end)
        let back = try Checkpoint(path: end)
        #expect("\(back.model?.module?.type.description ?? "")" == "models.yolo.DetectionModel")
        #expect(back.classNames == official.classNames)
        #expect(back.strides == [8, 16, 32])
        let (ours, expected) = (try back.weights().entries, try official.weights().entries)
        #expect(ours.map(\.name) == expected.map(\.name))
        for (ours, expected) in zip(ours, expected) {
            #expect(ours.tensor.dtype == expected.tensor.dtype)
            #expect(ours.tensor.doubles == expected.tensor.doubles)
        }
    }

    @Test("Weights without a description take it from a YAML, or stay a dictionary")
    func plain() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("plain.safetensors").path
        let official = try Checkpoint(path: OfficialModel.path)
        try SafetensorsFile.write(official.weights(), to: path)
        let plain = try Checkpoint(path: path)
        #expect(plain.configuration == nil)
        #expect(try plain.completed().model?.module == nil)
        let complete = try plain.completed(with: ModelConfiguration(named: "yolov5n.yaml"))
        #expect(complete.model?.module != nil)
        #expect(throws: ModelError.self) { _ = try plain.completed(with: ModelConfiguration(named: "yolov5s.yaml")) }

        let dictionary = folder.appendingPathComponent("plain.pt").path
        try plain.write(to: dictionary)
        #expect(try Checkpoint(path: dictionary).isBare)
        #expect(try Checkpoint(path: dictionary).weights().count == 349)
    }
}
