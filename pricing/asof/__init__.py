"""What a license ID or a product costs on a day."""
