"""`make bench`: how fast the portal is, told as ratios to what the same machine does bare in the same run."""
