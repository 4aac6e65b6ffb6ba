/// A fault in a model's YAML, with its place: `yolov5s.yaml:14: row 3 (Conv): expected …, found …`.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// File name or path, as it was given; a checkpoint's path when the configuration came out of one.
    public var source: String
    /// Counted from 1; nil where the configuration did not come from a text.
    public var line: Int?
    public var message: String

    public init(source: String, line: Int? = nil, message: String) {
        self.source = source
        self.line = line
        self.message = message
    }

    public var description: String { source + (line.map { ":\($0)" } ?? "") + ": " + message }
}
