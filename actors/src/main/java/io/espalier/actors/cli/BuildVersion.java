package io.espalier.actors.cli;

import io.espalier.actors.run.Versions;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "espalier " + Versions.espalier(), "java " + Runtime.version() + ", ${os.name} ${os.arch}"
    };
  }
}
