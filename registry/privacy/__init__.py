"""Personal data: encryption, keys, packages, erasing, who asked."""
