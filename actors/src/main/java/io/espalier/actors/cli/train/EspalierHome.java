package io.espalier.actors.cli.train;

import java.nio.file.Path;

final class EspalierHome {
  static Path path() {
    return Path.of("/tmp/home1");
  }
}
