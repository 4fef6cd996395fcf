"""What each count says for spam, and against it, in words a person understands; "" where there is nothing to say."""

from __future__ import annotations

from collections.abc import Mapping

COUNT_REASONS: Mapping[str, tuple[str, str]] = {
    "links": ("it holds links", ""),
    "link_hosts": ("it links to several hosts", ""),
    "link_share": ("it is mostly links", ""),
    "html_links": ("it holds HTML links", ""),
    "bbcode_links": ("it holds links in forum markup", ""),
    "email": ("it gives an e-mail address", ""),
    "phone": ("it gives a phone number", ""),
    "handle": ("it names an account to write to", ""),
    "messenger": ("it names a messenger", ""),
    "money": ("it speaks of a sum of money", ""),
    "invisible": ("it hides invisible characters", ""),
    "look_alikes": ("letters of another script stand in for look-alikes", ""),
    "fancy": ("it is set in decorative letters", ""),
    "leet": ("digits or signs stand in for letters", ""),
    "spaced": ("the letters of a word stand apart", ""),
    "shouting": ("it shouts in capitals", ""),
    "exclamation": ("it has many exclamation marks", ""),
    "repetition": ("it repeats a word", ""),
    "repeated_links": ("it repeats a link", ""),
    "emoji": ("it has many pictograms", "it has pictograms as readers use them"),
    "digits": ("it is full of digits", ""),
    "length": ("", ""),
    "few_words": ("", "it is only a few words"),
    "lines": ("it has many lines", ""),
    "praise": ("it praises in set phrases", ""),
    "praise_and_link": ("it praises in set phrases and leaves a link", ""),
    "author_link": ("its author leaves a link", ""),
    "author_sells": ("its author's name reads like an advertisement", ""),
    "author_host": ("its author is named like a website", ""),
    "hashtags": ("it has hashtags", ""),
    "stretched": ("", "words are stretched as readers do"),
    "on_topic": ("", "it speaks of the article"),
    "topic_share": ("", "it speaks of the article"),
    "off_topic_link": ("it has a link and nothing of the article", ""),
}
