/// The file format of charts.
public enum ChartFormat: String, Sendable, CaseIterable {
    case png, svg
}
