"""Many quotes in one go (一括見積): priced first, reviewed, numbered last."""
