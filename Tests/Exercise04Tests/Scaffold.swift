// The first file of this folder takes its place.
