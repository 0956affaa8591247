"""The checks, one module per topic. A check reads facts and the law of the day and holds no number itself."""
