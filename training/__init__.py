"""Fitting and measuring Winnow: corpora, alignment, features, models, evaluation, promotion."""
