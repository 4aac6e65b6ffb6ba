"""What the interop check asks of Python's YOLOv5. Run with the peer's own Python; prints one line of JSON.

    peer.py load WEIGHTS            loads the file as Python does, every warning being an error
    peer.py val WEIGHTS DATA IMG    validates it, with the clock of its non-maximum suppression stopped
    peer.py detect WEIGHTS IMAGES IMG OUT
    peer.py export WEIGHTS IMG      to TorchScript, which must then give the model's own boxes
"""
import json
import pathlib
import sys
import warnings

warnings.simplefilter("ignore")
import torch
import yolov5

sys.path.insert(0, str(pathlib.Path(yolov5.__file__).parent))  # its classes under the names that checkpoints use


def load(weights):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return torch.load(weights, map_location="cpu", weights_only=False)


def describe(weights):
    checkpoint = load(weights)
    model = checkpoint["model"]
    optimizer = checkpoint["optimizer"]
    return {
        "keys": list(checkpoint),
        "class": f"{type(model).__module__}.{type(model).__name__}",
        "modules": len(list(model.modules())),
        "parameters": sum(p.numel() for p in model.parameters()),
        "rates": [round(group["lr"], 10) for group in optimizer["param_groups"]] if optimizer else None,
        "remembered": len(optimizer["state"]) if optimizer else None,
    }


class StoppedClock:
    """The module `time`, in which no time passes: suppression gives up on images when it takes long."""

    def __init__(self, module):
        self.module = module

    def __getattr__(self, name):
        return (lambda: 0.0) if name == "time" else getattr(self.module, name)


def validate(weights, data, image_size):
    from yolov5 import val
    from yolov5.utils import general

    general.time = StoppedClock(general.time)
    # One image a batch: with more, the padding of an image depends on how numpy sorts equal aspect ratios on this processor.
    results = val.run(data=data, weights=weights, imgsz=int(image_size), device="cpu", workers=2, plots=False, batch_size=1)[0]
    return {"map50": results[2], "map": results[3]}


def detect(weights, images, image_size, out):
    from yolov5 import detect

    detect.run(weights=weights, source=images, imgsz=(int(image_size),) * 2, device="cpu", project=out, name="detect", save_txt=True)
    labels = list(pathlib.Path(out).glob("detect/labels/*.txt"))
    return {"images_with_objects": len(labels)}


def export(weights, image_size):
    from yolov5 import export

    export.run(weights=weights, imgsz=[int(image_size)] * 2, include=["torchscript"], device="cpu")
    script = torch.jit.load(str(pathlib.Path(weights).with_suffix(".torchscript")))
    image = torch.rand(1, 3, int(image_size), int(image_size))
    checkpoint = load(weights)
    model = (checkpoint.get("ema") or checkpoint["model"]).float().eval()
    with torch.no_grad():
        expected, found = model(image)[0], script(image)
    found = found[0] if isinstance(found, (tuple, list)) else found
    return {"largest_difference": float((found - expected).abs().max())}


if __name__ == "__main__":
    command = {"load": describe, "val": validate, "detect": detect, "export": export}[sys.argv[1]]
    print("RESULT " + json.dumps(command(*sys.argv[2:])))
