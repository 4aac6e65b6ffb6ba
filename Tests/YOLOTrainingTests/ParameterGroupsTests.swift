import GoldenFixtures
import Testing
import Torch
import YOLOModel

@testable import YOLOTraining

@Suite("Parameter groups", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ParameterGroupsTests {
    private func groups(of name: String = "yolov5n") throws -> ParameterGroups {
        let model = try DetectionModel(ModelConfiguration(named: "\(name).yaml"))
        return ParameterGroups(model.stateEntries(), Hyperparameters(), weightDecay: 0.0005)
    }

    @Test(
        "biases, decayed weights and norm weights are the reference's, in its order",
        arguments: ["yolov5n", "yolov5s-transformer"])
    func names(model: String) throws {
        let expected = try Fixtures.json("schedule")["optimizer_groups"]["\(model).SGD"].array
        for (group, golden) in zip(try groups(of: model).inOrder, expected) {
            #expect(group.names == golden["names"].strings)
            #expect(group.weightDecay == golden["weight_decay"].double)
            #expect(group.learningRate == golden["lr"].double)
            #expect(group.momentum == golden["momentum"].double)
        }
    }

    @Test("each optimiser gets the reference's settings", arguments: TrainingOptions.OptimizerKind.allCases)
    func settings(_ kind: TrainingOptions.OptimizerKind) throws {
        let expected = try Fixtures.json("schedule")["optimizer_groups"]["yolov5n.\(kind.rawValue)"].array
        let optimizer = kind.optimizer(try groups())
        #expect(optimizer.groups.map(\.names.count) == expected.map { $0["count"].int })
        #expect(optimizer.groups.map(\.learningRate) == expected.map { $0["lr"].double })
        #expect(optimizer.groups.map(\.weightDecay) == expected.map { $0["weight_decay"].double })
        if let adam = optimizer as? Adam {
            #expect(expected.allSatisfy { $0["betas"].doubles == [adam.groups[0].momentum, adam.secondBeta] })
            #expect(expected.allSatisfy { $0["eps"].double == adam.epsilon })
            #expect(adam.decouplesWeightDecay == (kind == .adamW))
        } else {
            #expect(expected.allSatisfy { $0["nesterov"].bool } && (optimizer as? SGD)?.usesNesterov == true)
        }
    }
}
