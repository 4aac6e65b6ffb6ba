/// Counts of what a conversion kept and left out, which add up over images in any order of the threads.
struct ConversionTally: Sendable {
    /// Why an object or an image was left out or changed.
    enum Reason: Int, CaseIterable, Sendable {
        case crowd, difficult, ignored, otherClass, empty, repeated, unusable, missingImage, unusableImage
        case clipped, boxForOutline
    }

    /// Problems that are told, of a split; more would not be read.
    static let keptProblems = 5

    private(set) var counts = [Int](repeating: 0, count: Reason.allCases.count)
    /// Objects that were written.
    var objects = 0
    /// The first sentences on what is wrong, each with its file and place.
    private(set) var problems: [String] = []
    private(set) var problemCount = 0

    subscript(reason: Reason) -> Int { counts[reason.rawValue] }

    mutating func count(_ reason: Reason) { counts[reason.rawValue] += 1 }

    /// - Parameter problem: What to tell the user of it.
    mutating func count(_ reason: Reason, times: Int = 1, _ problem: @autoclosure () -> String) {
        counts[reason.rawValue] += times
        problemCount += 1
        if problems.count < Self.keptProblems { problems.append(problem()) }
    }

    mutating func add(_ other: ConversionTally) {
        for index in counts.indices { counts[index] += other.counts[index] }
        objects += other.objects
        problems += other.problems.prefix(Self.keptProblems - problems.count)
        problemCount += other.problemCount
    }
}

extension ConversionTally.Reason {
    /// The reason behind a number: "3 crowd annotations left out".
    func text(_ count: Int) -> String {
        let s = count == 1 ? "" : "s"
        return switch self {
        case .crowd: "\(count) crowd annotation\(s) left out"
        case .difficult: "\(count) difficult object\(s) left out"
        case .ignored: "\(count) ignored region\(s) and objects of no class left out"
        case .otherClass: "\(count) object\(s) of other classes left out"
        case .empty: "\(count) object\(s) without area inside the image left out"
        case .repeated: "\(count) repeated object\(s) left out"
        case .unusable: "\(count) unusable annotation\(s) left out"
        case .missingImage: "\(count) image\(s) not found and left out"
        case .unusableImage: "\(count) unusable image\(s) left out"
        case .clipped: "\(count) object\(s) clipped to the image"
        case .boxForOutline: "\(count) outline\(s) replaced by the box"
        }
    }
}
