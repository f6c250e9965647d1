# Installs R packages into one library: Rscript r_packages.R LIBRARY REPOSITORY,REPOSITORY NAME[==VERSION]...
# Exit codes: 10 a package is nowhere in that version, 11 no repository answers, 12 a package does not build.
arguments <- commandArgs(trailingOnly = TRUE)
library_path <- arguments[[1]]
repositories <- strsplit(arguments[[2]], ",", fixed = TRUE)[[1]]
wanted <- strsplit(arguments[-(1:2)], "==", fixed = TRUE)
names(wanted) <- vapply(wanted, `[[`, "", 1)
versions <- vapply(wanted, function(one) if (length(one) > 1) one[[2]] else "", "")

stop_with <- function(code, ...) {
  message(...)
  quit(save = "no", status = code)
}

options(repos = setNames(repositories, paste0("r", seq_along(repositories))), timeout = 600, warn = 1)
here <- installed.packages()[, "Version"]
known <- function(name, among) {
  found <- names(among)[tolower(names(among)) == tolower(name)]
  if (length(found)) found[[1]] else NA_character_
}
satisfied <- vapply(names(wanted), function(name) {
  own <- known(name, here)
  !is.na(own) && (versions[[name]] == "" || here[[own]] == versions[[name]])
}, NA)
for (name in names(wanted)[satisfied]) cat(name, "is on this machine already.\n")
left <- names(wanted)[!satisfied]
if (!length(left)) quit(save = "no", status = 0)

offered <- tryCatch(suppressWarnings(available.packages(filters = c("R_version", "OS_type", "duplicates"))),
                    error = function(error) NULL)
if (is.null(offered) || nrow(offered) == 0) stop_with(11, "no R repository answers: ", toString(repositories))

# A pinned version that is not the newest lies in the archive of a repository.
archived <- function(name, version) {
  for (repository in repositories) {
    folder <- paste0(contrib.url(repository), "/Archive/", name)
    target <- file.path(tempdir(), paste0(name, "_", version, ".tar.gz"))
    got <- tryCatch(suppressWarnings(download.file(paste0(folder, "/", basename(target)), target, quiet = TRUE)),
                    error = function(error) 1L)
    if (identical(got, 0L)) return(target)
  }
  NA_character_
}
newest <- setNames(offered[, "Version"], offered[, "Package"])
plain <- character()
files <- character()
for (name in left) {
  real <- known(name, newest)
  version <- versions[[name]]
  if (!is.na(real) && (version == "" || newest[[real]] == version)) {
    plain <- c(plain, real)
  } else {
    file <- if (version == "") NA_character_ else archived(if (is.na(real)) name else real, version)
    if (is.na(file)) {
      has <- if (is.na(real)) "it has no such package" else paste("it has", newest[[real]])
      stop_with(10, name, if (version != "") paste0(" ", version), " is not in ", toString(repositories), ": ", has)
    }
    files <- c(files, file)
  }
}
needed <- unlist(lapply(files, function(file) {
  folder <- tempfile()
  untar(file, exdir = folder)
  described <- read.dcf(list.files(folder, "^DESCRIPTION$", recursive = TRUE, full.names = TRUE)[[1]])
  fields <- intersect(c("Depends", "Imports", "LinkingTo"), colnames(described))
  sub("[ (\n].*", "", trimws(unlist(strsplit(described[, fields], ","))))
}))
needed <- setdiff(intersect(needed, rownames(offered)), c(rownames(installed.packages()), plain))
jobs <- max(1L, parallel::detectCores(), na.rm = TRUE)
.libPaths(c(library_path, .libPaths()))
if (length(c(plain, needed))) install.packages(c(plain, needed), lib = library_path, dependencies = NA, Ncpus = jobs)
for (file in files) install.packages(file, lib = library_path, repos = NULL, type = "source")

now <- installed.packages(lib.loc = c(library_path, .libPaths()))[, "Version"]
absent <- left[is.na(vapply(left, known, "", among = now))]
if (length(absent)) stop_with(12, toString(absent), " could not be installed; what stands above says why.")
own <- installed.packages(lib.loc = library_path)
for (row in seq_len(nrow(own))) cat(own[row, "Package"], " ", own[row, "Version"], "\n", sep = "")
