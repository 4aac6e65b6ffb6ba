import Detection
package import Imaging

/// Draws training samples from their plans.
package struct SampleRenderer: Sendable {
    private let store: ImageStore

    package init(store: ImageStore) { self.store = store }

    /// Draws a sample on a view of its size, every pixel of it. One with mosaics is a square of the training size.
    ///
    /// - Returns: The labels of what can be seen; and for each image that could not be decoded, the reason.
    package func render(
        _ plan: AugmentationPlan, on view: ImageView
    ) throws(DataError) -> (labels: [BoxLabel], damage: [DataError]) {
        let scenes = try scenes(of: plan, width: view.width, height: view.height)
        let adjustment = plan.hsv == .identity ? nil : plan.hsv.adjustment
        if plan.filters.isEmpty {
            paint(scenes, of: plan, on: view, adjustment)
        } else {
            paint(scenes, of: plan, on: view, nil)
            do throws(ImagingError) {
                for filter in plan.filters { try filter.apply(to: view) }
            } catch {
                throw .image(error)
            }
            adjustment?.apply(to: view)
        }
        var labels = scenes.flatMap { $0.objects.map { plan.label($0, width: view.width, height: view.height) } }
        if let cutout = plan.cutout {
            cutout.apply(to: view)
            labels = cutout.visible(labels, width: view.width, height: view.height)
        }
        return (labels, scenes.flatMap(\.damage))
    }

    private func scenes(of plan: AugmentationPlan, width: Int, height: Int) throws(DataError) -> [SampleScene] {
        let isTrainingSize = width == store.imageSize && height == store.imageSize
        switch plan.composition {
        case .single(let image, let perspective):
            return [try SampleScene(single: image, perspective, plan, width: width, height: height, from: store)]
        case .mosaic(let mosaic):
            precondition(isTrainingSize, "a mosaic has the training size")
            return [try SampleScene(mosaic, plan, from: store)]
        case .mixup(let first, let second, _):
            precondition(isTrainingSize, "a mosaic has the training size")
            return [try SampleScene(first, plan, from: store), try SampleScene(second, plan, from: store)]
        }
    }

    /// Writes all pixels in one pass.
    private func paint(
        _ scenes: [SampleScene], of plan: AugmentationPlan, on view: ImageView, _ adjustment: HSVAdjustment?
    ) {
        SampleScene.withTiles(of: scenes) { tiles in
            var mixture: MosaicWarp.Mixture?
            if case .mixup(_, _, let ratio) = plan.composition {
                mixture = MosaicWarp.Mixture(warp: scenes[1].warp, tiles: tiles[1], share: ratio)
            }
            scenes[0].warp.render(tiles[0], into: view, mixture: mixture, adjustment: adjustment)
        }
    }
}

extension AugmentationPlan {
    /// The label of an object on the finished picture. The pixels were flipped when they were drawn, the object was not.
    fileprivate func label(_ object: PlacedObject, width: Int, height: Int) -> BoxLabel {
        var label = object.label(width: width, height: height)
        if flipsVertically { label.box.centerY = 1 - label.box.centerY }
        if flipsHorizontally { label.box.centerX = 1 - label.box.centerX }
        return label
    }
}
