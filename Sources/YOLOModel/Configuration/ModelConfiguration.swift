/// A model as its YAML describes it: multiples, anchors, and one row a layer.
///
/// ```swift
/// let configuration = try ModelConfiguration(named: "yolov5s.yaml")
/// let model = try DetectionModel(configuration)
/// ```
/// Nothing here is evaluated: a row names a layer of ``LayerRegistry`` and gives it plain values.
public struct ModelConfiguration: Hashable, Sendable {
    /// One layer: where its input comes from, how often it repeats, its kind and its arguments.
    public struct Row: Hashable, Sendable {
        /// Rows whose outputs are the input: -1 is the row before, others count from 0 or, when negative, backwards.
        public var from: [Int]
        /// Whether `from` was a list in the file; `[-1]` is written back as it came.
        public var takesList: Bool
        /// How often the layer repeats, before the depth multiple.
        public var repeats: Int
        /// Name of the layer's kind: `Conv`, `C3`, `nn.Upsample`, …
        public var kind: String
        public var arguments: [ConfigurationValue]
        public var line: Int?

        public init(
            from: [Int], takesList: Bool = false, repeats: Int = 1, kind: String, arguments: [ConfigurationValue],
            line: Int? = nil
        ) {
            self.from = from
            self.takesList = takesList || from.count > 1
            self.repeats = repeats
            self.kind = kind
            self.arguments = arguments
            self.line = line
        }

        public static func == (a: Self, b: Self) -> Bool {
            a.from == b.from && a.takesList == b.takesList && a.repeats == b.repeats && a.kind == b.kind
                && a.arguments == b.arguments
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(from)
            hasher.combine(kind)
            hasher.combine(arguments)
        }
    }

    /// The prior boxes of the head.
    public enum Anchors: Hashable, Sendable {
        /// Per output level: width, height, width, height, … in pixels.
        case pixels([[Double]])
        /// So many anchors a level, with placeholder sizes, to be found from the data.
        case count(Int)
    }

    /// File name or path, as errors give it and the summary line names it.
    public var source: String
    /// Channels of the input image (`ch`).
    public var inputChannels: Int
    /// Number of classes (`nc`).
    public var classCount: Int
    /// Factor on the repeats of a row (`depth_multiple`).
    public var depthMultiple: Double
    /// Factor on the channels of a row (`width_multiple`).
    public var widthMultiple: Double
    public var anchors: Anchors
    /// Activation of every `Conv` in place of SiLU (`activation`, of later versions), as it is written.
    public var activation: String?
    public var backbone: [Row]
    public var head: [Row]

    public var rows: [Row] { backbone + head }

    public init(
        source: String, inputChannels: Int = 3, classCount: Int, depthMultiple: Double, widthMultiple: Double,
        anchors: Anchors, activation: String? = nil, backbone: [Row], head: [Row]
    ) {
        self.source = source
        self.inputChannels = inputChannels
        self.classCount = classCount
        self.depthMultiple = depthMultiple
        self.widthMultiple = widthMultiple
        self.anchors = anchors
        self.activation = activation
        self.backbone = backbone
        self.head = head
    }
}

extension ModelConfiguration {
    /// Anchors a level.
    public var anchorCount: Int {
        switch anchors {
        case .pixels(let levels): (levels.first?.count ?? 0) / 2
        case .count(let count): count
        }
    }

    /// Repeats of a row after the depth multiple: `max(round(n * gain), 1)`, halves to even as Python rounds.
    public func scaledRepeats(_ repeats: Int) -> Int {
        guard repeats > 1 else { return repeats }
        return max(Int((Double(repeats) * depthMultiple).rounded(.toNearestOrEven)), 1)
    }

    /// Channels of a row after the width multiple, made divisible by 8 (`make_divisible`).
    public func scaledChannels(_ channels: Int) -> Int {
        Int((Double(channels) * widthMultiple / 8).rounded(.up)) * 8
    }

    /// `YOLOv5s` for `models/yolov5s.yaml`: the name in the summary line.
    public var displayName: String {
        let file = source.split(separator: "/").last.map(String.init) ?? source
        let stem = file.split(separator: ".").first.map(String.init) ?? file
        return stem.replacing("yolov5", with: "YOLOv5")
    }
}
