"""What the service knows, said in other people's formats: schema.org, Web Annotation, PROV and CSV. Pure."""
