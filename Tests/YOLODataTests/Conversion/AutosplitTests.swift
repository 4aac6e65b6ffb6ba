import Foundation
import Testing
@testable import YOLOData

@Suite("Splitting at random")
struct AutosplitTests {
    private func withImages(_ count: Int, _ body: (ConversionFolder) throws -> Void) throws {
        try ConversionFolder.open { folder in
            for index in 0..<count {
                try folder.write("", "set/images/\(index.isMultiple(of: 3) ? "deep/" : "")\(index).jpg")
                if index.isMultiple(of: 2) { try folder.write("", "set/labels/\(index.isMultiple(of: 3) ? "deep/" : "")\(index).txt") }
            }
            try body(folder)
        }
    }

    private func lines(_ folder: ConversionFolder, _ part: String) -> [String] {
        folder.text("set/autosplit_\(part).txt")?.split(separator: "\n").map(String.init) ?? []
    }

    @Test("each image is in one list beside the folder, about nine in ten for training; the same seed gives the same lists")
    func split() throws {
        try withImages(300) { folder in
            let lists = try Autosplit(folder: folder("set/images")).write()
            let train = lines(folder, "train"), validation = lines(folder, "val")
            #expect(train.count + validation.count == 300 && Set(train + validation).count == 300)
            // 30 expected; four standard deviations of a draw of 300 are 21.
            #expect(9...51 ~= validation.count)
            #expect(train.allSatisfy { $0.hasPrefix("./images/") } && train == train.sorted())
            #expect(!folder.exists("set/autosplit_test.txt"))
            #expect(lists.description == "\(train.count) train, \(validation.count) val images; wrote "
                + "\(folder("set/autosplit_train.txt")), \(folder("set/autosplit_val.txt"))")
            #expect(try ImagePaths.list([folder("set/autosplit_val.txt")]).count == validation.count)

            let first = folder.contents()
            try Autosplit(folder: folder("set/images") + "/").write()
            #expect(folder.contents() == first)
            var other = Autosplit(folder: folder("set/images"))
            other.seed = 1
            try other.write()
            #expect(lines(folder, "val") != validation)
        }
    }

    @Test("weights are kept to, lists of an earlier split go, other files stay")
    func weights() throws {
        try withImages(60) { folder in
            try folder.write("mine", "set/autosplit.txt")
            var split = Autosplit(folder: folder("set/images"))
            split.weights = [1, 1, 2]
            try split.write()
            #expect(lines(folder, "test").count > lines(folder, "val").count)
            split.weights = [0, 1e308, 1e308]
            try split.write()
            #expect(!folder.exists("set/autosplit_train.txt") && lines(folder, "val").count + lines(folder, "test").count == 60)
            split.weights = [1, 0, 0]
            try split.write()
            #expect(lines(folder, "train").count == 60)
            #expect(folder.contents().keys.filter { $0.hasPrefix("set/autosplit") }.sorted() == ["set/autosplit.txt", "set/autosplit_train.txt"])
        }
    }

    @Test("images without a label are left out on demand, and the others keep their lists")
    func annotatedOnly() throws {
        try withImages(100) { folder in
            var split = Autosplit(folder: folder("set/images"))
            try split.write()
            let all = lines(folder, "val")
            split.annotatedOnly = true
            let lists = try split.write()
            #expect(lists.leftOut == 50)
            #expect(lines(folder, "train").count + lines(folder, "val").count == 50)
            #expect(lines(folder, "val").allSatisfy(all.contains))
        }
    }

    @Test("a list of images is no folder: the message says so, and nothing is written")
    func list() throws {
        try withImages(4) { folder in
            try folder.write("./images/1.jpg\n./images/2.jpg\n", "set/all.txt")
            let before = folder.contents()
            let error = #expect(throws: DataError.self) { try Autosplit(folder: folder("set/all.txt")).write() }
            #expect(error?.description == "\(folder("set/all.txt")): is a file; give the folder of the images")
            #expect(folder.contents() == before)
        }
    }

    @Test("no images, no labels and wrong weights are errors", arguments: [[1.0, 1.0], [0, 0, 0], [-1, 1, 1], [.nan, 1, 1], [.infinity, 0, 0]])
    func errors(weights: [Double]) throws {
        try withImages(2) { folder in
            var split = Autosplit(folder: folder("set/images"))
            split.weights = weights
            #expect(throws: DataError.self) { try split.write() }
            #expect(throws: DataError.self) { try Autosplit(folder: folder("set/labels")).write() }
            #expect(throws: DataError.self) { try Autosplit(folder: folder("nowhere")).write() }
            #expect(!folder.contents().keys.contains { $0.contains("autosplit") })
        }
    }
}
