"""Approval (承認): what needs one is asked for, answered by somebody else, and issued as it was approved."""
