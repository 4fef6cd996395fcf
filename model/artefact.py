"""The model on disk: a versioned folder that is checked before anything in it is unpickled.

    <root>/current                  one line: the version in use; replaced by one atomic rename
    <root>/<version>/model.joblib   the classifier's parts as arrays and scikit-learn trees
    <root>/<version>/spam.joblib    the spam model's arrays; a folder without it judges no comments
    <root>/<version>/manifest.json  digests, library versions, feature schema, data digest, scores, self-test
    <root>/<version>/MODEL_CARD.md

A pickle can run code, so a digest only proves that the file is the one its manifest was written for: load models
from people you trust.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sklearn

from model.classifier import Classifier, Door, KindModel
from model.errors import ArtefactError
from model.letters import Letters
from model.lexicon import Lexicon
from model.page_model import N_INPUTS, PAGE_TYPES, PageModel
from model.perceptron import Perceptrons
from model.spam import SpamModel
from model.spam import pack as pack_spam
from model.spam import unpack as unpack_spam
from model.types import KIND_LABELS, Block, Element, Position, Segmentation

SCHEMA = 1
"""Version of this layout and of the features; a model of another schema is refused."""

SHIPPED = Path(__file__).parent / "artefacts"
_MODEL_FILE = "model.joblib"
_SPAM_FILE = "spam.joblib"
_SELF_TEST_TOLERANCE = 1e-3
_MISMATCH = (KeyError, IndexError, TypeError, ValueError)
"""What parts that do not fit together raise: the folder's, or the model's and this version's features."""

_REMEDY = "Run `make train` to make a model for this version, or point --model at another folder."


@dataclass(frozen=True, slots=True)
class Artefact:
    """A loaded model folder."""

    classifier: Classifier
    version: str
    manifest: dict[str, Any]
    path: Path
    page: PageModel | None = None
    """What judges a page as a whole; None in models that were trained without held-out pages."""
    spam: SpamModel | None = None


def load_artefact(path: Path | None = None) -> Artefact:
    """Load and verify a model folder, or the current one of a folder of versions. Default: the shipped model.

    Raises ArtefactError naming the file, what is wrong with it and what to run.
    """
    folder = _resolve(path or SHIPPED)
    manifest = _read_manifest(folder)
    _check_versions(folder, manifest)
    _check_digests(folder, manifest)
    classifier: Classifier
    page: PageModel | None
    classifier, page = _read_part(folder / _MODEL_FILE, _unpack_model)
    has_spam = _SPAM_FILE in manifest["digests"]  # a file that no digest vouches for is not opened
    spam: SpamModel | None = _read_part(folder / _SPAM_FILE, unpack_spam) if has_spam else None
    _self_test(folder, manifest, classifier)
    return Artefact(classifier, manifest["version"], manifest, folder, page, spam)


def _unpack_model(parts: dict[str, Any]) -> tuple[Classifier, PageModel | None]:
    return _unpack(parts), _unpack_page(parts.get("page"))


def _read_part(file: Path, unpack: Callable[[dict[str, Any]], Any]) -> Any:
    """What a file of the folder holds. Raises ArtefactError where it cannot be read or does not fit."""
    try:
        return unpack(joblib.load(file))
    except (*_MISMATCH, AttributeError, ImportError, EOFError, pickle.UnpicklingError) as error:
        raise ArtefactError(f"The model {file} cannot be read: {error}. {_REMEDY}") from error


def save_artefact(
    root: Path,
    version: str,
    classifier: Classifier,
    facts: dict[str, Any],
    card: str,
    page: PageModel | None = None,
    spam: SpamModel | None = None,
) -> Path:
    """Write `root/version` completely, then make it current. Returns its folder.

    facts  members that the manifest gets besides its own
    card   the text of MODEL_CARD.md

    Raises ArtefactError when `root/version` exists.
    """
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=".new-") as temporary:
        folder = Path(temporary) / version
        folder.mkdir()
        packed = _pack(classifier) | ({"page": _pack_page(page)} if page else {})
        joblib.dump(packed, folder / _MODEL_FILE, compress=("lzma", 6))
        if spam is not None:
            joblib.dump(pack_spam(spam), folder / _SPAM_FILE, compress=("lzma", 6))
        (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
        manifest = {
            "version": version,
            "schema": SCHEMA,
            "libraries": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "digests": {name: _sha256(folder / name) for name in sorted(file.name for file in folder.iterdir())},
            "kinds": [label.value for label in KIND_LABELS],
            "columns": {kind: list(door.columns) for kind, door in classifier.doors.items()},
            "self_test": self_test_vector(_unpack(packed)),  # what will be loaded: its weights are rounded
            **facts,
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
        target = root / version
        if target.exists():
            raise ArtefactError(f"The model {target} exists. Remove it or train under another version name.")
        os.replace(folder, target)
    set_current(root, version)
    return target


def set_current(root: Path, version: str) -> None:
    """Make `version` the one in use, by one atomic rename."""
    temporary = root / f".current-{os.getpid()}"
    temporary.write_text(version + "\n", encoding="utf-8")
    os.replace(temporary, root / "current")


def self_test_vector(classifier: Classifier) -> dict[str, list[float]]:
    """The model's chances on a fixed little page: what a copy of it must reproduce."""
    return {
        "html": _rounded(classifier.predict(_TEST_PAGE, "html").article),
        "text": _rounded(classifier.predict(Segmentation(tuple(_bare(_TEST_PAGE))), "text").article),
    }


def _bare(segmentation: Segmentation) -> list[Block]:
    return [Block(block.text, block.position) for block in segmentation.blocks]


def _rounded(values: np.ndarray[Any, Any]) -> list[float]:
    return [round(float(value), 5) for value in values]


_TEST_PAGE = Segmentation(
    tuple(
        Block(text, Position(line, 1), element, links)
        for line, (text, element, links) in enumerate(
            [
                ("Home News Sport Weather", 2, 23),
                ("Ferry service resumes after the storm", 3, 0),
                (
                    "The first boat left the harbour at dawn, the company said, and all crossings are on time again.",
                    4,
                    0,
                ),
                ("Read more: Ten islands to see this summer", 5, 32),
                ("Crews had worked through the night to clear the quay of sand and broken planks.", 6, 0),
                ("Leave a Reply", 7, 0),
            ],
            1,
        )
    ),
    (
        Element(-1, "html"),
        Element(0, "body"),
        Element(1, "nav", (".menu",)),
        Element(1, "h1"),
        Element(1, "p"),
        Element(1, "p", (".related",)),
        Element(1, "p"),
        Element(1, "h3", ("#reply-title",)),
    ),
)


def _resolve(path: Path) -> Path:
    """The model's own folder: `path`, or the version in it that is current. Raises ArtefactError."""
    if (path / "manifest.json").is_file():
        return path
    current = path / "current"
    if not current.is_file():
        what = "is not a folder" if not path.is_dir() else "holds neither manifest.json nor current"
        raise ArtefactError(f"No model at {path}: it {what}. {_REMEDY}")
    version = current.read_text(encoding="utf-8").strip()
    folder = path / version
    if Path(version).name != version or not (folder / "manifest.json").is_file():
        raise ArtefactError(f"The model {folder}, named by {current}, has no manifest.json. {_REMEDY}")
    return folder


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtefactError(f"The manifest of {folder} cannot be read: {error}. {_REMEDY}") from error
    sections = ("digests", "libraries", "self_test")
    if (
        not isinstance(manifest, dict)
        or not {"version", "schema"} <= set(manifest)
        or not all(isinstance(manifest.get(section), dict) for section in sections)
        or _MODEL_FILE not in manifest["digests"]
    ):
        raise ArtefactError(f"The manifest of {folder} is incomplete. {_REMEDY}")
    return manifest


def _check_versions(folder: Path, manifest: dict[str, Any]) -> None:
    if manifest["schema"] != SCHEMA:
        raise ArtefactError(
            f"The model {folder} has schema {manifest['schema']}, this Winnow reads schema {SCHEMA}. {_REMEDY}"
        )
    made_with = str(manifest["libraries"].get("scikit-learn"))
    if made_with.split(".")[:2] != sklearn.__version__.split(".")[:2]:
        raise ArtefactError(
            f"The model {folder} was made with scikit-learn {made_with}, here is {sklearn.__version__}; its trees "
            f"would not load safely. {_REMEDY}"
        )


def _check_digests(folder: Path, manifest: dict[str, Any]) -> None:
    for name, expected in manifest["digests"].items():
        file = folder / name
        if not file.is_file():
            raise ArtefactError(f"The model {folder} lacks {name}. {_REMEDY}")
        if _sha256(file) != expected:
            raise ArtefactError(f"{file} is not the file its manifest was written for (SHA-256 differs). {_REMEDY}")


def _self_test(folder: Path, manifest: dict[str, Any], classifier: Classifier) -> None:
    try:
        got = self_test_vector(classifier)
        wrong = [
            kind
            for kind, expected in manifest["self_test"].items()
            if not np.allclose(got[kind], expected, atol=_SELF_TEST_TOLERANCE)
        ]
    except _MISMATCH as error:
        raise ArtefactError(f"The model {folder} does not fit this version: {error}. {_REMEDY}") from error
    if wrong:
        raise ArtefactError(
            f"The model {folder} fails its self-test on {wrong[0]}: it decides otherwise here. {_REMEDY}"
        )


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _pack(classifier: Classifier) -> dict[str, Any]:
    return {
        "text": _pack_lexicon(classifier.text),
        "path": _pack_lexicon(classifier.path),
        "letters": {
            "weights": classifier.letters.weights.astype(np.float16),
            "intercept": classifier.letters.intercept,
        },
        "kinds": _pack_softmax(classifier.kinds),
        "doors": {kind: _pack_door(door) for kind, door in classifier.doors.items()},
    }


def _unpack(parts: dict[str, Any]) -> Classifier:
    return Classifier(
        _unpack_lexicon(parts["text"]),
        _unpack_lexicon(parts["path"]),
        Letters(parts["letters"]["weights"].astype(np.float32), parts["letters"]["intercept"]),
        KindModel(**parts["kinds"]),
        {kind: _unpack_door(door) for kind, door in parts["doors"].items()},
    )


def _pack_softmax(model: KindModel) -> dict[str, Any]:
    return {name: getattr(model, name) for name in ("mean", "spread", "weights", "intercept")}


def _pack_door(door: Door) -> dict[str, Any]:
    packed: dict[str, Any] = {"columns": door.columns, "trees": door.trees}
    if door.perceptrons is not None:
        packed["perceptrons"] = _pack_perceptrons(door.perceptrons)
    return packed


def _unpack_door(parts: dict[str, Any]) -> Door:
    """Models fitted without the corpora have no perceptrons."""
    packed = parts.get("perceptrons")
    return Door(tuple(parts["columns"]), parts["trees"], None if packed is None else _unpack_perceptrons(packed))


def _pack_perceptrons(perceptrons: Perceptrons) -> dict[str, Any]:
    """Weights as float16, as in a lexicon."""
    nets = [[(weights.astype(np.float16), intercept) for weights, intercept in net] for net in perceptrons.nets]
    return {name: getattr(perceptrons, name) for name in ("mean", "spread", "around")} | {"nets": nets}


def _unpack_perceptrons(parts: dict[str, Any]) -> Perceptrons:
    nets = tuple(tuple((weights.astype(np.float32), intercept) for weights, intercept in net) for net in parts["nets"])
    return Perceptrons(parts["mean"], parts["spread"], parts["around"], nets)


def _pack_page(page: PageModel) -> dict[str, Any]:
    return {
        "types": _pack_softmax(page.types),
        "confidence": page.confidence,
        "losses": page.losses,
        "factors": page.factors,
    }


def _unpack_page(parts: dict[str, Any] | None) -> PageModel | None:
    if parts is None:
        return None
    if len(parts["types"]["mean"]) != N_INPUTS:
        raise ValueError(f"its page model reads {len(parts['types']['mean'])} numbers of a page, there are {N_INPUTS}")
    factors = parts.get("factors", (1.0,) * len(PAGE_TYPES))  # models from before types moved the cut have none
    return PageModel(KindModel(**parts["types"]), parts["confidence"], tuple(map(tuple, parts["losses"])), factors)


def _pack_lexicon(lexicon: Lexicon) -> dict[str, Any]:
    """Tokens as one string and weights as float16 halve the file; three digits are more than the fit knows."""
    return {
        "tokens": "\n".join(lexicon.vocabulary),
        "weights": lexicon.weights.astype(np.float16),
        "intercept": lexicon.intercept,
    }


def _unpack_lexicon(parts: dict[str, Any]) -> Lexicon:
    vocabulary = {token: number for number, token in enumerate(parts["tokens"].split("\n"))}
    return Lexicon(vocabulary, parts["weights"].astype(np.float32), parts["intercept"])
