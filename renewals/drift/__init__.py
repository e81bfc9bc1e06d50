"""What open quotes would cost today, priced in the shadow. The quotes themselves stay as they were issued."""
