"""What an article says of people and bodies: names, descriptions, posts."""
