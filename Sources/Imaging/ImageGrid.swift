/// Lays pictures out in rows, each shrunk or enlarged to fit its cell, centred.
///
///     let sheet = try ImageGrid(columns: 4, cellWidth: 320, cellHeight: 320).image(of: predictions)
package struct ImageGrid: Hashable, Sendable {
    package let columns: Int
    package let cellWidth, cellHeight: Int
    /// Pixels between cells and around them.
    package let spacing: Int
    package let background: Color

    package init(columns: Int, cellWidth: Int, cellHeight: Int, spacing: Int = 4, background: Color = Color(gray: 255)) {
        precondition(columns > 0 && cellWidth > 0 && cellHeight > 0 && spacing >= 0, "a grid has cells")
        (self.columns, self.cellWidth, self.cellHeight) = (columns, cellWidth, cellHeight)
        (self.spacing, self.background) = (spacing, background)
    }

    /// The sheet of all pictures, row by row. No pictures give one empty cell.
    package func image(of pictures: [Image]) throws(ImagingError) -> Image {
        let usedColumns = max(1, min(columns, pictures.count))
        let rows = max(1, (pictures.count + columns - 1) / columns)
        let (stepX, stepY) = (cellWidth + spacing, cellHeight + spacing)
        var sheet = Image(width: usedColumns * stepX + spacing, height: rows * stepY + spacing, filledWith: background)
        for (index, picture) in pictures.enumerated() {
            let scale = min(Double(cellWidth) / Double(picture.width), Double(cellHeight) / Double(picture.height))
            let width = min(cellWidth, max(1, Int((Double(picture.width) * scale).rounded())))
            let height = min(cellHeight, max(1, Int((Double(picture.height) * scale).rounded())))
            let x = spacing + index % columns * stepX + (cellWidth - width) / 2
            let y = spacing + index / columns * stepY + (cellHeight - height) / 2
            try sheet.withMutableView { view throws(ImagingError) in
                let cell = view.part(x: x, y: y, width: width, height: height)
                try picture.withView { source throws(ImagingError) in
                    try source.resize(into: cell, interpolation: scale < 1 ? .area : .linear)
                }
            }
        }
        return sheet
    }
}
