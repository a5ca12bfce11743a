"use strict";

// validatorUrl: null, since the default asks a server of the makers of Swagger UI.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  tryItOutEnabled: true,
  docExpansion: "list",
  validatorUrl: null,
});
