"""Fitting and measuring Winnow: corpora, gold alignment, augmentation, models, benches, model cards."""
