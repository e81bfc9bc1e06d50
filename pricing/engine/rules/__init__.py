"""The rules of docs/pricing-rules.md, a file each: what it decides, its words, its steps and its problems."""
