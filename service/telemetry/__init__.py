"""What the service tells of itself in numbers and spans: never an article's words, a quotation or a key."""
