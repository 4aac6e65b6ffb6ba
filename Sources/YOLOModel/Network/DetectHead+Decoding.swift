import Torch

extension DetectHead {
    /// Turns raw outputs into boxes: `[N, rows, 5 + classes]`, rows over levels, anchors, y, x.
    ///
    /// With s the sigmoid of a raw number: centre `(2 s - 0.5 + cell) * stride`, size `(2 s)^2 * anchor`, in pixels;
    /// scores `s`.
    /// Computed in float32 whatever the network computes in: bfloat16 cannot tell neighbouring pixels of 640 apart.
    func decoded(_ levels: [HeadLevel]) throws(TorchError) -> Tensor {
        try withoutGradients { () throws(TorchError) in
            let rowCounts = levels.map { anchorCount * $0.gridHeight * $0.gridWidth }
            let predictions = try Tensor.empty(
                [levels[0].imageCount, rowCounts.reduce(0, +), 5 + classCount], on: levels[0].output.device)
            var start = 0
            for (index, level) in levels.enumerated() {
                let block = try predictions.narrowed(axis: 1, start: start, length: rowCounts[index])
                try decode(level, index: index, into: block)
                start += rowCounts[index]
            }
            return predictions
        }
    }

    /// - Parameter block: `[N, anchors * ny * nx, 5 + classes]`, a part of the result.
    private func decode(_ level: HeadLevel, index: Int, into block: Tensor) throws(TorchError) {
        let (height, width) = (level.gridHeight, level.gridWidth)
        let boxes = try block.reshaped([level.imageCount, anchorCount, height, width, 5 + classCount])
        try boxes.copy(from: level.grid())
        try boxes.formSigmoid()

        let stride = Double(strides[index])
        let centers = try boxes.narrowed(axis: 4, start: 0, length: 2)
        try centers.multiply(by: 2 * stride)
        try centers.add(cellCorners(height: height, width: width, stride: Float(stride), on: boxes.device))

        let sizes = try boxes.narrowed(axis: 4, start: 2, length: 2)
        let anchor = try anchors.to(.float32).selected(axis: 0, index: index) * (4 * stride)
        try sizes.copy(from: sizes * sizes * anchor.reshaped([1, anchorCount, 1, 1, 2]))
    }

    /// Where a centre lands for a sigmoid of 0: half a cell before the cell's corner. `[1, 1, ny, nx, 2]`, pixels.
    private func cellCorners(height: Int, width: Int, stride: Float, on device: Device) throws(TorchError) -> Tensor {
        var corners: [Float] = []
        corners.reserveCapacity(2 * height * width)
        for y in 0..<height {
            for x in 0..<width {
                corners.append((Float(x) - 0.5) * stride)
                corners.append((Float(y) - 0.5) * stride)
            }
        }
        return try Tensor(corners, shape: [1, 1, height, width, 2], on: device)
    }
}
