import Foundation
import GoldenFixtures
import Testing
import YOLOData
import YOLOModel

@testable import YOLOTraining

@Suite("Evolution of hyperparameters")
struct EvolutionHyperparametersTests {
    @Test("every evolving key is a hyperparameter, whose limits lie within what a file may say")
    func keys() throws {
        for variable in SearchSpace().variables {
            let key = try #require(Hyperparameters.keys.first { $0.name == variable.name })
            #expect(key.range.contains(variable.limits.lowerBound) && key.range.contains(variable.limits.upperBound))
        }
        #expect(SearchSpace().variables.count == 29 && SearchSpace(anchors: false).variables.count == 28)
    }

    @Test("the best file trains with what its generation trained with, our keys included", arguments: [false, true])
    func roundTrip(keepsAnchors: Bool) throws {
        let study = try EvolutionStudy()
        var given = Hyperparameters()
        given.nominalBatchSize = 32
        given.augmentation.cutout = 0.5
        given.anchorsPerLevel = keepsAnchors ? 4 : 0
        let evolution = Evolution(folder: study.folder, hyperparameters: given, keepsAnchors: keepsAnchors, seed: 3)
        var first: Hyperparameters?
        try study.run(evolution, generations: 1) { values, generation in
            first = given.evolved(values)
            return EvolutionStudy.train(values, generation)
        }
        let trained = try #require(first)
        #expect(trained.anchorsPerLevel == (keepsAnchors ? 0 : 3))
        #expect(trained.nominalBatchSize == 32)
        #expect(try Hyperparameters(yaml: study.text("hyp_evolve.yaml"), file: "hyp_evolve.yaml") == trained)
        #expect(try !study.text("hyp_evolve.yaml").contains("mosaic9"))  // as it always is
    }
}
