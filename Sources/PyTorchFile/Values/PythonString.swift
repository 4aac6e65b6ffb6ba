/// A string that is compared as Python compares it: by its code points.
///
/// To Swift two strings are also equal when they only compose their characters differently ("é" as one code point or
/// two). As keys they are two in Python; and comparing the bytes takes the same time whatever a hostile file spells.
struct PythonString: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (one: PythonString, other: PythonString) -> Bool {
        guard one.text.utf8.count == other.text.utf8.count else { return false }
        return one.withBytes { bytes in other.withBytes { bytes.elementsEqual($0) } }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(text.utf8.count)
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    private func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = text
        return text.withUTF8(body)
    }
}
