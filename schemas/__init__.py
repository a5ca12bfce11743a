"""Everything that goes in and out as JSON, as marshmallow schemas. Unknown fields are refused by name."""
