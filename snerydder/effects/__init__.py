"""The statistics: arrays in, a frozen result or a refusal out. One estimator, one file, its formula and paper in the docstring."""
