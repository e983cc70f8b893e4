"""What every page is made of: frame, components, forms, letters and the look."""
