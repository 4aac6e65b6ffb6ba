import Foundation
import Testing
@testable import YOLOData

@Suite("Converting the annotations of data sets")
struct OtherFormatsTests {
    @Test("VisDrone: ignored regions and other things are left out, each part is a split")
    func visDrone() throws {
        try ConversionFolder.open { folder in
            for part in ["train", "val", "test-dev"] {
                try folder.drawImages("VisDrone2019-DET-\(part)/images/1.jpg")
                try folder.write("10,5,20,10,1,4,0,0\r\n0,0,50,50,0,0,0,0\n1,1,9,9,1,11,0,0,\n0,0,2,x,1,4,0,0\n90,40,20,10,1,10,1,2,\n", "VisDrone2019-DET-\(part)/annotations/1.txt")
            }
            let report = try folder.convert(.visdrone, ".")
            #expect(folder.text("out/labels/train/1.txt") == "3 0.2 0.2 0.2 0.2\n9 0.95 0.9 0.1 0.2\n")
            #expect(report.names.count == 10 && report.names[9] == "motor")
            #expect(folder.text("out/out.yaml")?.contains("train: images/train\nval: images/val\ntest: images/test-dev\n") == true)
            #expect(report.changes == [
                "6 ignored regions and objects of no class left out", "3 unusable annotations left out", "3 objects clipped to the image",
            ])
            #expect(report.problems.first?.contains("annotations/1.txt:4: a row is left,top,width,height") == true)

            // As VisDrone.yaml has it: each part where it lies.
            try folder.convert(.visdrone, "VisDrone2019-DET-train", to: "VisDrone2019-DET-train")
            #expect(folder.text("VisDrone2019-DET-train/labels/1.txt") == folder.text("out/labels/train/1.txt"))
            #expect(folder.text("VisDrone2019-DET-train/train.txt") == "./images/1.jpg\n")
        }
    }

    @Test("SKU-110K: a table a split, rows in any order")
    func sku110k() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("SKU/images/a.jpg", "SKU/images/b.jpg")
            try folder.write("b.jpg,0,0,50,25,object,100,50\na.jpg,10,5,30,15,object,100,50\nb.jpg,50,25,100,50,object,100,50\nonly,three,values\n", "SKU/annotations/annotations_train.csv")
            try folder.write("a.jpg,10,5,30,15,object,100,50\n", "SKU/annotations/annotations_val.csv")
            let report = try folder.convert(.sku110k, "SKU")
            #expect(folder.text("out/labels/train/a.txt") == "0 0.2 0.2 0.2 0.2\n")
            #expect(folder.text("out/labels/train/b.txt") == "0 0.25 0.25 0.5 0.5\n0 0.75 0.75 0.5 0.5\n")
            #expect(folder.text("out/labels/val/a.txt") == "0 0.2 0.2 0.2 0.2\n")
            #expect(report.names == ["object"])
            #expect(report.problems == ["\(folder("SKU/annotations/annotations_train.csv")):4: a row is image,x1,y1,x2,y2,class,image_width,image_height"])
        }
    }

    @Test("Global Wheat 2020: sources are folders; 2021: tables are splits")
    func globalWheat() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("kaggle/train/x.jpg", "kaggle/train/y.jpg", "kaggle/train/z.jpg")
            try folder.write(
                "image_id,width,height,bbox,source\nx,100,50,\"[10.0, 5.0, 20.0, 10.0]\",arvalis_1\ny,100,50,\"[0, 0, 50, 25]\",ethz_1\nz,100,50,\"[0, 0, 50, 25]\",uq_1\nz,100,50,\"[0, 0]\",uq_1\n",
                "kaggle/train.csv")
            let report = try folder.convert(.globalwheat, "kaggle")
            #expect(folder.text("out/labels/arvalis_1/x.txt") == "0 0.2 0.2 0.2 0.2\n")
            #expect(folder.text("out/out.yaml")?.contains("train:\n  - images/arvalis_1\n  - images/ethz_1\nval: images/ethz_1\ntest: images/uq_1\nnc: 1\nnames:\n  0: wheat_head\n") == true)
            #expect(report.problems.count == 1 && report.problems[0].contains("train.csv:5: bbox is '[0, 0]'"))

            try folder.drawImages("2021/images/x.png", "2021/images/y.png")
            try folder.write("image_name,BoxesString,domain\nx.png,10 5 30 15;0 0 50 25,Arvalis_1\ny.png,no_box,Arvalis_2\n", "2021/competition_train.csv")
            let later = try folder.convert(.globalwheat, "2021", to: "out2021")
            #expect(folder.text("out2021/labels/train/x.txt") == "0 0.2 0.2 0.2 0.2\n0 0.25 0.25 0.5 0.5\n")
            #expect((later.imageCount, later.splits[0].labeledImages) == (2, 1))
        }
    }

    @Test("Argoverse-HD: images lie in folders of sequences")
    func argoverse() throws {
        try ConversionFolder.open { folder in
            let name = "0a/ring_front_center"
            for split in ["train", "val"] {
                try folder.drawImages("Argoverse-1.1/images/\(split)/\(name)/1.jpg", width: 192, height: 120)
                try folder.write(
                    #"{"seq_dirs": ["\#(split)/\#(name)"], "images": [{"id": 0, "sid": 0, "fid": 0, "name": "1.jpg"}, {"id": 1, "sid": 5, "name": "2.jpg"}], "annotations": [{"id": 0, "image_id": 0, "category_id": 6, "bbox": [0, 0, 960, 600]}]}"#,
                    "Argoverse-HD/annotations/\(split).json")
            }
            let report = try folder.convert(.argoverse, "Argoverse-HD/annotations", to: "Argoverse-1.1")
            #expect(folder.text("Argoverse-1.1/labels/val/\(name)/1.txt") == "6 0.25 0.25 0.5 0.5\n")
            #expect(report.names[6] == "traffic_light")
            #expect(report.imageCount == 2)
            #expect(report.problems.contains { $0.contains("its sequence 5 is none of the 1 in 'seq_dirs'") })
            // Beside the images, which are in their place.
            #expect(!folder.contents().values.contains { $0.hasPrefix("->") })
        }
    }

    @Test("xView: types become 60 classes, and the images are split at random")
    func xView() throws {
        try ConversionFolder.open { folder in
            for index in 0..<40 { try folder.drawImages("x/train_images/\(index).tif") }
            func feature(_ image: Int, _ type: String, _ bounds: String) -> String {
                #"{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[1.5, 2.5]]]}, "properties": {"image_id": "\#(image).tif", "type_id": \#(type), "bounds_imcoords": "\#(bounds)"}}"#
            }
            let features = (0..<40).map { feature($0, "94", "0,0,50,25") } + [
                feature(0, "18", "90,40,120,60"), feature(0, "75", "1,1,2,2"), feature(0, "18", "1,2,3"), feature(0, "18", ""), feature(99, "18", "1,1,2,2"),
            ]
            try folder.write(#"{"type": "FeatureCollection", "features": [\#(features.joined(separator: ","))]}"#, "x/xView_train.geojson")
            let report = try folder.convert(.xview, "x")
            #expect(report.names.count == 60 && report.names[59] == "Tower" && report.names[5] == "Small Car")
            #expect(folder.text("out/labels/train/0.txt") == "59 0.25 0.25 0.5 0.5\n5 0.95 0.9 0.1 0.2\n")
            #expect(report.changes == ["2 unusable annotations left out", "1 image not found and left out", "1 object clipped to the image"])
            let description = try DatasetDescription(contentsOf: report.yaml)
            let train = try ImagePaths.list(description.train), validation = try ImagePaths.list(description.validation)
            #expect(train.count + validation.count == 40 && !validation.isEmpty)
            #expect(try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true).labelCount >= train.count)
        }
    }

    @Test("a format that has no such thing refuses options for it")
    func misfits() throws {
        try ConversionFolder.open { folder in
            for (format, change) in [
                (AnnotationFormat.visdrone, { (options: inout ConversionOptions) in options.writesPolygons = true }),
                (.xview, { $0.names = ["a"] }), (.voc, { $0.keepsCrowds = true }), (.coco, { $0.keepsDifficult = true }),
            ] {
                let error = #expect(throws: ConversionError.self) { try folder.convert(format, "x") { change(&$0) } }
                #expect(error?.description.contains("--") == true)
            }
        }
    }
}
