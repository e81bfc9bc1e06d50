"""What a renewal costs with the prices in force, and what that changes against an issued quote; reads only."""
