/// Which images a budget of memory holds, and in what form.
///
/// An image that has to come from a disk costs more than one that has to be decoded. So first every image is taken in its smaller
/// form, as a rule its file, as far as the budget goes; what is left is spent on keeping images as pixels.
struct MemoryPlan: Hashable, Sendable {
    enum Form: UInt8, Sendable {
        case onDisk = 0, file, pixels
    }

    /// Where an image lies in the memory.
    struct Place: Hashable, Sendable {
        var form: Form
        var start: Int
        var count: Int
    }

    /// One for each image.
    private(set) var places: [Place]
    private(set) var byteCount = 0

    /// Images begin on lines of the processor's cache.
    static let alignment = 64

    /// - Parameters:
    ///   - sizes: For each image its bytes as pixels, and as a file; `nil` for a file that cannot be looked at.
    ///   - budget: Bytes.
    init(_ sizes: [(pixels: Int, file: Int?)], budget: Int) {
        var left = budget
        var forms = [Form](repeating: .onDisk, count: sizes.count)
        for (index, size) in sizes.enumerated() {
            guard let file = size.file, file > 0 else { continue }
            let form: Form = size.pixels <= file ? .pixels : .file
            let count = Self.rounded(min(size.pixels, file))
            if count <= left {
                forms[index] = form
                left -= count
            }
        }
        for (index, size) in sizes.enumerated() where forms[index] == .file {
            let more = Self.rounded(size.pixels) - Self.rounded(size.file ?? 0)
            if more <= left {
                forms[index] = .pixels
                left -= more
            }
        }
        var end = 0
        places = zip(forms, sizes).map { form, size in
            let count =
                switch form {
                case .onDisk: 0
                case .file: size.file ?? 0
                case .pixels: size.pixels
                }
            defer { end += Self.rounded(count) }
            return Place(form: form, start: end, count: count)
        }
        byteCount = end
    }

    init(places: [Place]) {
        self.places = places
        byteCount = places.map { $0.start + Self.rounded($0.count) }.max() ?? 0
    }

    /// Takes an image out that could not be put into its place.
    mutating func leaveOut(_ index: Int) { places[index].form = .onDisk }

    func count(_ form: Form) -> Int { places.count { $0.form == form } }

    static func rounded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
}
