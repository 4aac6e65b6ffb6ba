/// One image that is in two splits: what is validated was trained on.
public struct SplitLeak: Hashable, Sendable {
    public let firstSplit, firstPath: String
    public let secondSplit, secondPath: String

    /// Compares contents; only files of the same size are read.
    static func all(among splits: [LabeledImageSet]) -> [SplitLeak] {
        struct Place: Hashable, Sendable {
            let split: Int
            let path: String
        }
        let places = splits.indices.flatMap { split in
            splits[split].images.indices.map { Place(split: split, path: splits[split].images.path($0)) }
        }
        let sizes = concurrentMap(places) { FileStamp($0.path)?.size ?? -1 }
        var bySize: [Int64: [Int]] = [:]
        for (index, size) in sizes.enumerated() { bySize[size, default: []].append(index) }
        let suspects = bySize.values.filter { group in Set(group.map { places[$0].split }).count > 1 }.flatMap(\.self).sorted()
        let hashes = concurrentMap(suspects) { (try? FileContent(places[$0].path)).map { ContentHash($0.bytes).value } }
        var firstWith: [UInt64: Place] = [:]
        var leaks: [SplitLeak] = []
        for case (let index, let hash?) in zip(suspects, hashes) {
            let place = places[index]
            guard let first = firstWith[hash] else {
                firstWith[hash] = place
                continue
            }
            guard first.split != place.split else { continue }
            leaks.append(SplitLeak(
                firstSplit: splits[first.split].name, firstPath: first.path, secondSplit: splits[place.split].name,
                secondPath: place.path))
        }
        return leaks
    }
}
