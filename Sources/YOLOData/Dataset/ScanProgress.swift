/// How far the reading of a split is.
public struct ScanProgress: Hashable, Sendable {
    /// Of the split ("train").
    public let name: String
    public let total: Int
    public internal(set) var done = 0
    /// Label files so far that exist, that do not, and that hold no row.
    public internal(set) var found = 0
    public internal(set) var missing = 0
    public internal(set) var empty = 0
    /// Images so far that cannot be used.
    public internal(set) var corrupt = 0

    init(name: String, total: Int) {
        self.name = name
        self.total = total
    }

    mutating func count(_ labels: ImageCheck.Labels, isUsable: Bool) {
        done += 1
        switch labels {
        case .found: found += 1
        case .empty: (found, empty) = (found + 1, empty + 1)
        case .missing: missing += 1
        case .unread: break
        }
        if !isUsable { corrupt += 1 }
    }
}
