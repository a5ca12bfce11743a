"""The JSON of requests and answers, as marshmallow schemas. Unknown fields are refused by name."""
