"""Golden cases: renewals of which somebody knows what they must cost."""
