package io.espalier.cli.federation;

import io.espalier.configs.file.EspalierHome;
import io.espalier.federation.trust.Authority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names an authority's directory; for commands that mix it in. */
public final class AuthorityOption {
  @Option(
      names = "--authority",
      paramLabel = "DIR",
      description =
          "Directory of the federation's authority (default: federation in the Espalier home).")
  private Optional<Path> directory = Optional.empty();

  public Path directory() {
    return directory.orElseGet(() -> EspalierHome.path().resolve("federation"));
  }

  String repeated() {
    return directory.map(each -> " --authority " + each).orElse("");
  }

  /** The authority, which must be there. */
  public Authority open() throws IOException {
    return Authority.open(directory(), List.of(), InstantSource.system());
  }
}
