"""One module per legal basis. A new one is a new file with a BASIS; forms, letters and checks find it."""
