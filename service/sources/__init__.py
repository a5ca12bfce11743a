"""Sources as reporters have them: transcripts, subtitles and documents, read into turns with speakers."""
