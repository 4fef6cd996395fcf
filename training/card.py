"""The model card: what a model was made of, what it reached, and what it must not be trusted with."""

from __future__ import annotations

from typing import Any

from training.crossvalidation import score_table

_CREDITS = {
    "wcxb": "WCXB, Web Content Extraction Benchmark (Murrough Foley, 2026), training half, CC BY 4.0",
    "trafilatura-eval": "trafilatura's evaluation pages (Barbaresi and others), Apache-2.0; labels by consensus of "
    "extractors, checked by the corpus's snippets",
    "base set": "the base set of block features in the repository, derived from WCXB (Murrough Foley, 2026, CC BY 4.0) "
    "and trafilatura's evaluation pages (Barbaresi and others, Apache-2.0)",
    "own pages": "labelled pages given to `make train`",
    "youtube-spam": "YouTube Spam Collection (Alberto, Lochter, Almeida, 2015), CC BY 4.0, without its repeats",
    "tg-spam": "tg-spam's samples of Telegram messages (umputun), MIT, without their repeats",
    "forum posts": "paragraphs of WCXB's forum pages (Murrough Foley, 2026, CC BY 4.0) as honest posts",
    "own spam lines": "spam and honest comments written for Winnow, in over a dozen languages",
    "reported comments": "comments that users of the service reported as spam or as no spam",
    "own lines": "noise lines and article lines written for Winnow, in 39 languages",
    "own texts": "articles as scrapers leave them, written for Winnow and marked line by line, in 37 languages",
}


def model_card(version: str, facts: dict[str, Any]) -> str:
    """The text of MODEL_CARD.md, made from the manifest's facts alone."""
    sources = "\n".join(f"* {_CREDITS[name]}: {count:,} {unit}" for name, (count, unit) in facts["sources"].items())
    scores = facts["scores"]
    if "pages" in scores:
        measured = "Word F1 as WCXB defines it; snippet F1 on trafilatura-eval.\n\n" + score_table(scores["pages"])
    elif "average_precision" in scores:
        measured = f"Average precision over held-out blocks (no pages at hand): {scores['average_precision']:.4f}."
    else:
        measured = "Not cross-validated."
    if "page_model" in scores:
        measured += "\n\n" + _page_model(scores["page_model"])
    return f"""# Winnow model {version}

Decides for each block of a web page, or line of a plain text, whether it belongs to the article, and names what
does not. Two logistic regressions over words and element names feed boosted trees and, beside them, small perceptrons;
a softmax regression names the noise. In plain text another regression, over character n-grams of lines that were marked
by hand, has a say in both.

Trained {facts["trained_at"]} on (data digest `{facts["data_digest"][:16]}`):

{sources}

## Measured

{measured}

{_comments(facts)}## Use and limits

* Made for pages with a body of text: articles, documentation, forum threads, product and service pages. Index
  pages are the weakest: what counts as content there is a matter of taste.
* Mostly English, a quarter of the pages German; other languages by layout, punctuation and our own lines.
* Kinds of noise are learnt by weak supervision from element names; they explain a decision and do not make it.
* The pages' own words are not in the model; single words and pairs seen on several sites are.
* The labels of WCXB were drafted by a language model and reviewed by people; about 4 % of its pages have gold that is
  truncated or not on the page.
"""


def _page_model(scores: dict[str, Any]) -> str:
    types = ", ".join(f"{kind} {accuracy:.2f}" for kind, accuracy in scores["type_accuracy_by_type"].items())
    dial = "\n".join(
        f"| {name} | {lost:.2%} | {precision:.3f} | {recall:.3f} | {f1:.3f} |"
        for name, (lost, precision, recall, f1) in scores["dial"].items()
    )
    return f"""On {scores["pages"]:,} held-out pages the page type is right on {scores["type_accuracy"]:.1%}
({types}); the confidence's Spearman correlation with the page's word F1 is {scores["confidence_spearman"]:.3f}.

| dial | article words lost | P | R | F1 |
|---|---|---|---|---|
{dial}"""


def _comments(facts: dict[str, Any]) -> str:
    if not {"youtube-spam", "tg-spam", "own spam lines"} & set(facts["sources"]):
        return ""
    return """## Comments

`spam.joblib` judges comments: one logistic regression over hashed word and character n-grams and named counts (links,
contacts, disguises, praise, what it shares with the article), calibrated on comments held out by video, message, page
or line. It holds weights of hashed n-grams and no text. Learnt from music videos' comments, chat messages, forum posts
and our own lines: mostly English, some Russian; other languages by links, contacts, disguises and our own lines only.
Our lines were extended after looking at the mistakes on the videos, so the scores there flatter it somewhat. It sees
no senders' addresses and no other sites. `python -m training.bench_spam` measures it.

"""
