import Foundation
import Testing
@testable import YOLOData

@Suite("Converting Pascal VOC")
struct VOCConversionTests {
    /// The annotation of an image of 100 by 50 pixels.
    private func xml(_ objects: String..., file: String = "a.jpg", size: String = "<size><width>100</width><height>50</height><depth>3</depth></size>") -> String {
        "<?xml version=\"1.0\"?>\n<annotation><folder>x</folder><filename>\(file)</filename>\(size)\n\(objects.joined(separator: "\n"))\n</annotation>\n"
    }

    private func object(_ name: String, _ box: [String], _ more: String = "<difficult>0</difficult>") -> String {
        let sides = zip(["xmin", "ymin", "xmax", "ymax"], box).map { "<\($0)>\($1)</\($0)>" }.joined()
        return "<object><name>\(name)</name>\(more)<bndbox>\(sides)</bndbox></object>"
    }

    @Test("corners count from 1; classes are collected and sorted; difficult objects are left out")
    func folder() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("images/a.jpg", "images/b.jpg")
            try folder.write(
                xml(object("dog", ["11", "6", "31", "26"]), object("cat", ["1", "1", "51", "26"], "<difficult>1</difficult>"), object("ant", ["1", "1", "101", "51"])),
                "xml/a.xml")
            try folder.write(xml(object("dog", ["1", "1", "2.5", "2"], "")), "xml/b.xml")
            let report = try folder.convert(.voc, "xml")
            #expect(report.names == ["ant", "cat", "dog"])
            #expect(folder.text("out/labels/train/a.txt") == "2 0.2 0.3 0.2 0.4\n0 0.5 0.5 1 1\n")
            #expect(folder.text("out/labels/train/b.txt") == "2 0.0075 0.01 0.015 0.02\n")
            #expect(report.changes == ["1 difficult object left out"])
            try folder.convert(.voc, "xml", to: "all") { ($0.keepsDifficult, $0.names) = (true, ["dog", "cat"]) }
            #expect(folder.text("all/labels/train/a.txt") == "0 0.2 0.3 0.2 0.4\n1 0.25 0.25 0.5 0.5\n")
        }
    }

    @Test("the folders of VOC are split as the reference splits them")
    func devkit() throws {
        try ConversionFolder.open { folder in
            for (year, list, id) in [("2007", "train", "1"), ("2007", "val", "2"), ("2007", "test", "3"), ("2012", "train", "4"), ("2012", "val", "5")] {
                try folder.drawImages("kit/VOC\(year)/JPEGImages/\(id).jpg")
                try folder.write(xml(object("dog", ["1", "1", "51", "26"]), file: "other.jpg"), "kit/VOC\(year)/Annotations/\(id).xml")
                try folder.write("\(id)\n", "kit/VOC\(year)/ImageSets/Main/\(list).txt")
                try folder.write("\(id) -1\n", "kit/VOC\(year)/ImageSets/Main/dog_\(list).txt")
                try folder.write("\(id)\n", "kit/VOC\(year)/ImageSets/Main/trainval.txt")
            }
            let report = try folder.convert(.voc, "kit", to: "VOC")
            #expect(report.splits.map(\.name).sorted() == ["test2007", "train2007", "train2012", "val2007", "val2012"])
            #expect(folder.text("VOC/labels/val2012/5.txt") == "0 0.25 0.25 0.5 0.5\n")
            #expect(folder.text("VOC/VOC.yaml")?.contains("""
                train:
                  - images/train2007
                  - images/train2012
                  - images/val2007
                  - images/val2012
                val: images/test2007
                test: images/test2007
                """) == true, "\(folder.text("VOC/VOC.yaml") ?? "")")
            let one = try folder.convert(.voc, "kit/VOC2012", to: "one")
            #expect(folder.text("one/one.yaml")?.contains("train: images/train2012\nval: images/val2012\n") == true)
            #expect(one.imageCount == 2)
        }
    }

    @Test("an image in the kit's folder below the data set's images is linked to its split")
    func devkitInside() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("VOC/images/VOCdevkit/VOC2012/JPEGImages/1.jpg")
            try folder.write(xml(object("dog", ["1", "1", "51", "26"])), "VOC/images/VOCdevkit/VOC2012/Annotations/1.xml")
            try folder.write("1\n", "VOC/images/VOCdevkit/VOC2012/ImageSets/Main/train.txt")
            try folder.convert(.voc, "VOC/images/VOCdevkit", to: "VOC")
            #expect(folder.exists("VOC/images/train2012/1.jpg") && folder.exists("VOC/labels/train2012/1.txt"))
        }
    }

    @Test("folders called train, valid and test are splits; an image lies beside its annotation")
    func export() throws {
        try ConversionFolder.open { folder in
            for split in ["train", "valid"] {
                try folder.drawImages("set/\(split)/deep/a.png")
                try folder.write(xml(object("dog", ["1", "1", "51", "26"]), file: "../../etc/a.jpg"), "set/\(split)/deep/a.xml")
            }
            let report = try folder.convert(.voc, "set")
            #expect(folder.text("out/out.yaml")?.contains("train: images/train\nval: images/valid\n") == true)
            #expect(folder.exists("out/images/valid/deep/a.png") && folder.exists("out/labels/valid/deep/a.txt"))
            #expect(report.notes.isEmpty)
        }
    }

    @Test("parts of an object are not objects, and missing sizes are read from the image")
    func parts() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg")
            let part = "<part><name>head</name><bndbox><xmin>90</xmin><ymin>40</ymin><xmax>99</xmax><ymax>49</ymax></bndbox></part>"
            try folder.write(xml(object("person &amp; co", ["1", "1", "51", "26"], part), size: "<size><width>0</width><height>0</height></size>"), "a.xml")
            let report = try folder.convert(.voc, "a.xml")
            #expect(report.names == ["person & co"])
            #expect(folder.text("out/labels/train/a.txt") == "0 0.25 0.25 0.5 0.5\n")
            #expect(try DatasetDescription(contentsOf: report.yaml).names == ["person & co"])
        }
    }

    @Test("polygons are written as outlines")
    func polygons() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg")
            let polygon = "<polygon><x1>1</x1><y1>1</y1><x2>51</x2><y2>1</y2><x3>51</x3><y3>26</y3></polygon>"
            try folder.write(xml(object("dog", ["1", "1", "51", "26"], polygon), object("dog", ["1", "1", "11", "6"])), "a.xml")
            let report = try folder.convert(.voc, "a.xml") { $0.writesPolygons = true }
            #expect(folder.text("out/labels/train/a.txt") == "0 0 0 0.5 0 0.5 0.5\n0 0 0 0.1 0 0.1 0.1 0 0.1\n")
            #expect(report.changes == ["1 outline replaced by the box"])
        }
    }

    @Test("a bad file or object costs itself alone, and is named")
    func problems() throws {
        try ConversionFolder.open { folder in
            try folder.drawImages("a.jpg", "b.jpg", "c.jpg")
            try folder.write(xml(object("dog", ["1", "1", "x", "26"]), object("dog", ["60", "1", "51", "26"]), object("dog", ["1", "1", "51", "26"]), object("", ["1", "1", "5", "5"])), "a.xml")
            try folder.write("<annotation><object>\n</annotation>", "b.xml")
            let report = try folder.convert(.voc, "a.xml", "b.xml")
            #expect(report.objectCount == 1)
            #expect(report.problems.count == 4)
            for clue in [
                "a.xml: object 1 left out: <xmax> is 'x', which is no number", "a.xml: object 2 left out: its bndbox goes from",
                "a.xml: object 4 left out: it has no name", "b.xml:2: </annotation> where </object> is expected",
            ] {
                #expect(report.problems.contains { $0.contains(clue) }, "\(clue) in \(report.problems)")
            }
        }
    }
}

@Suite("XML of annotations")
struct XMLReaderTests {
    private func events(_ text: String) throws -> [XMLReader.Event] {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var reader = XMLReader(bytes)
            var events: [XMLReader.Event] = []
            while let event = try reader.next() { events.append(event) }
            return events
        }
    }

    @Test("elements, text, references, comments, CDATA and attributes are read")
    func reading() throws {
        let events = try events("""
            <?xml version="1.0" encoding="UTF-8"?><!-- <a> --><a x="1>2" y='"'> &lt;b&#33;&#x3e; <c/><![CDATA[<&>]]>
            <d >x y</d></a>
            """)
        #expect(events == [
            .start("a"), .start("c"), .end("c", text: ""), .start("d"), .end("d", text: "x y"), .end("a", text: "<b!> <&>"),
        ])
    }

    @Test("what is broken, or could be used to harm, is refused with its line", arguments: [
        ("", "there is no element"), ("{}", "this is no XML"), ("<a>\n<b></a>", "</a> where </b> is expected"),
        ("<a>\n\n", "the element <a> has no end"), ("<a></a><b></b>", "a second element"), ("</a>", "ends nothing"), ("<a", "no '>'"),
        ("<!DOCTYPE a [<!ENTITY x \"ha\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>", "document type"), ("<a>&x;</a>", "unknown reference &x;"),
        ("<a>&#xD800;</a>", "unknown reference"), ("<a>&</a>", "'&' begins no reference"), ("<!-- x", "a comment has no end"),
        (String(repeating: "<a>", count: 100), "nested deeper"), ("<a>\u{0}</b>", "where </a> is expected"), ("< a></a>", "no name"),
        ("<a <b></b>", "'<' inside"),
    ])
    func hostile(text: String, clue: String) {
        let defect = #expect(throws: XMLReader.Defect.self) { try events(text) }
        #expect(defect?.reason.contains(clue) == true, "\(defect?.reason ?? "")")
    }
}
