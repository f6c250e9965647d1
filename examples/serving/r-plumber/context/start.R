# Serve what plumber.R declares, on the port that the image's variable names.
library(plumber)
served <- plumb(Sys.getenv("PLUMBER_FILE"))
served$run(host = "0.0.0.0", port = as.integer(Sys.getenv("PLUMBER_PORT")), docs = FALSE, quiet = TRUE)
