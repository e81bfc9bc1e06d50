"""What a person has to do on which day, as a feed for their own calendar: expiries, validity, follow-ups. No prices."""
